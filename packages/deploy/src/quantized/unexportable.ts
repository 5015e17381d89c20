/** Why a quantized layer cannot be exported; the message goes on from the layer's type and name. */
export class Unexportable extends Error {
  readonly code: string;
  readonly hint: string;

  constructor(code: string, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
