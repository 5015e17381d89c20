import { formatFloat, type MessageSchema } from 'caffe-prototxt-parser';

/** A number of a message that is NaN or infinite. */
export interface NotFiniteField {
  /** From the message that was asked about, `relu_param.negative_slope`. */
  readonly path: string;
  /** The message in which it stands, and its name there: they tell the place in the file. */
  readonly message: object;
  readonly field: string;
  /** Which of a list it is; absent for a single value. */
  readonly index?: number;
  readonly value: number;
  /** As a prototxt has it: `nan`, `inf` or `-inf`. */
  readonly written: string;
}

/**
 * The numbers of `message` that are NaN or infinite, those of the messages in it included.
 *
 * @param schema the message's, in the dialect in which it was read
 */
export function notFiniteFields(message: object, schema: MessageSchema, path = ''): NotFiniteField[] {
  return Object.entries(message).flatMap(([name, value]): NotFiniteField[] => {
    const field = schema.fields.get(name);
    if (field === undefined || value === undefined) return [];
    const own = `${path}${name}`;
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (field.kind === 'message') {
      return values.flatMap((each) => notFiniteFields(each as object, field.message, `${own}.`));
    }
    return values.flatMap((each, index) => {
      if (typeof each !== 'number' || Number.isFinite(each)) return [];
      const at = { path: own, message, field: name, ...(Array.isArray(value) && { index }) };
      return [{ ...at, value: each, written: formatFloat(each) }];
    });
  });
}
