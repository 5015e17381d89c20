import { ONNX_ELEMENT_TYPE } from './graph-builder.ts';
import { irVersion } from './lowest-opset.ts';
import { encodeOnnx } from './onnx-message.ts';

/** The model y = x over float tensors of any shape, which computes nothing. */
export function identityModel(): Uint8Array {
  const ofAnyShape = (name: string) => ({ name, type: { tensor_type: { elem_type: ONNX_ELEMENT_TYPE.float } } });
  const opset = 18;
  return encodeOnnx({
    ir_version: irVersion(opset),
    opset_import: [{ domain: '', version: opset }],
    graph: {
      name: 'copy',
      node: [{ op_type: 'Identity', name: 'copy', input: ['x'], output: ['y'] }],
      input: [ofAnyShape('x')],
      output: [ofAnyShape('y')],
    },
  });
}
