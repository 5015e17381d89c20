import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { NodeProto, ValueInfoProto } from '../generated/onnx.ts';
import type { PartialMessage } from '@caffe-quant/caffe-io';
import { ONNX_ELEMENT_TYPE } from './graph-builder.ts';
import { tensor } from './session.ts';

/**
 * Runs that leave their results in the arrays that they are given, and nowhere else. onnxruntime-node (1.30) computes into
 * such arrays and then copies each of them into a new one, that nobody wants: of the weights of a large net that takes longer
 * than the step itself, most of it for memory that the system has to zero. A model that is encoded `uncopied` has one more
 * output, its first, of a type that onnxruntime-node cannot hand over: it ends there, with all results computed and none
 * copied. A version that can hand it over is right too, and only slower.
 */

/** Name of that output, an empty sequence. */
const UNCOPIED = 'uncopied';

/** Name of the output with its length: what tells that the run came to its end. */
const COMPUTED = 'computed';

/** What such a model has beside its graph. */
export const UNCOPIED_NODES: readonly PartialMessage<NodeProto>[] = [
  { op_type: 'SequenceEmpty', name: UNCOPIED, output: [UNCOPIED] },
  { op_type: 'SequenceLength', name: COMPUTED, input: [UNCOPIED], output: [COMPUTED] },
];

export const UNCOPIED_OUTPUTS: readonly PartialMessage<ValueInfoProto>[] = [
  { name: UNCOPIED, type: { sequence_type: { elem_type: { tensor_type: { elem_type: ONNX_ELEMENT_TYPE.float } } } } },
  { name: COMPUTED, type: { tensor_type: { elem_type: ONNX_ELEMENT_TYPE.int64, shape: { dim: [] } } } },
];

/** Source: `OrtValueToNapiValue` of onnxruntime's `tensor_helper.cc`. */
const NOT_HANDED_OVER = /Non tensor type is temporarily not supported/;

/**
 * Computes the outputs that `fetches` names, into its tensors.
 * @throws Error of the engine; and where a version of it refuses such an output before it has computed anything
 */
export async function runInto(
  session: InferenceSession,
  feeds: Record<string, Tensor>,
  fetches: Record<string, Tensor>,
): Promise<void> {
  if (session.outputNames[0] !== UNCOPIED) {
    await session.run(feeds, fetches);
    return;
  }
  const length = BigInt64Array.of(-1n);
  try {
    await session.run(feeds, { [UNCOPIED]: null, [COMPUTED]: tensor('int64', length, []), ...fetches });
  } catch (error) {
    if (!NOT_HANDED_OVER.test(String(error))) throw error;
  }
  if (length[0] !== 0n) throw new Error('onnxruntime ended a run before it computed its outputs');
}
