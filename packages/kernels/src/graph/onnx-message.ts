import { decodeMessage, encodeMessage, type PartialMessage } from '@caffe-quant/caffe-io';
import { schemaFromDescriptor } from 'caffe-prototxt-parser';
import { descriptor, type ModelProto } from '../generated/onnx.ts';

const SCHEMA = schemaFromDescriptor(descriptor, 'onnx.ModelProto');

/** The bytes of an ONNX file. Equal models give equal bytes. */
export const encodeOnnx = (model: PartialMessage<ModelProto>): Uint8Array => encodeMessage(model, SCHEMA).bytes();

/** An ONNX file of ours, of any size; its tensors are views of `bytes`. */
export function decodeOnnx(bytes: Uint8Array): ModelProto {
  const budget = { messages: Number.MAX_SAFE_INTEGER };
  return decodeMessage(bytes, SCHEMA, { budget }) as unknown as ModelProto;
}
