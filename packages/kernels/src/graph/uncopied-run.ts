import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { NodeProto, ValueInfoProto } from '../generated/onnx.ts';
import type { PartialMessage } from '@caffe-quant/caffe-io';

/**
 * Runs that leave their results in the arrays that they are given, and nowhere else. onnxruntime-node (1.30) computes into
 * such arrays and then copies each of them into a new one, that nobody wants: of the weights of a large net that takes longer
 * than the step itself, most of it for memory that the system has to zero. A model that is encoded `uncopied` has one more
 * output, its first, of a type that onnxruntime-node cannot hand over: it ends there, with all results computed and none
 * copied. A version that can hand it over is right too, and only slower.
 */

/** Name of that output, an empty sequence. */
const UNCOPIED = 'uncopied';

/** What such a model has beside its graph. */
export const UNCOPIED_NODE: PartialMessage<NodeProto> = {
  ...{ op_type: 'SequenceEmpty', name: UNCOPIED, output: [UNCOPIED] },
};

export const UNCOPIED_OUTPUT: PartialMessage<ValueInfoProto> = {
  name: UNCOPIED,
  type: { sequence_type: { elem_type: { tensor_type: { elem_type: 1 } } } },
};

/** Source: `OrtValueToNapiValue` of onnxruntime's `tensor_helper.cc`. */
const NOT_HANDED_OVER = /Non tensor type is temporarily not supported/;

/** Computes the outputs that `fetches` names, into its tensors. */
export async function runInto(
  session: InferenceSession,
  feeds: Record<string, Tensor>,
  fetches: Record<string, Tensor>,
): Promise<void> {
  if (session.outputNames[0] !== UNCOPIED) {
    await session.run(feeds, fetches);
    return;
  }
  try {
    await session.run(feeds, { [UNCOPIED]: null, ...fetches });
  } catch (error) {
    if (!NOT_HANDED_OVER.test(String(error))) throw error;
  }
}
