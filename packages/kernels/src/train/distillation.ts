import { createMessage, type BlobVersion, type GraphLayer, type NetGraph } from '@caffe-quant/caffe-io';
import { computedOutputs, producerOf } from '../net/computed-outputs.ts';

/** What a net needs in order to be trained against another one with the same outputs. */
export interface DistillationNet {
  /** The net, with a loss on each output that compares it with the teacher's; the teacher's outputs are data. */
  graph: NetGraph;
  /** The outputs that are compared, by the ids of their blobs, and the names of the data that hold the teacher's. */
  teacher: ReadonlyMap<string, string>;
}

/**
 * Puts losses on the outputs of an inference net, so that a quantized net can learn from the float one's own answers on
 * data without labels: DistillationLoss on the scores under a Softmax, EuclideanLoss on any other output. Of layers that
 * are computed behind the graph, such as DetectionOutput, what they read is compared.
 */
export function distillationNet(inference: NetGraph): DistillationNet {
  const teacher = new Map<string, string>();
  const losses: GraphLayer[] = [];
  for (const blob of computedOutputs(inference)) {
    const producer = producerOf(inference, blob);
    const isSoftmax = producer?.type === 'Softmax';
    const compared = isSoftmax ? producer.bottoms[0]! : blob;
    if (teacher.has(compared.id)) continue;
    const name = `teacher/${compared.id}`;
    teacher.set(compared.id, name);
    const type = isSoftmax ? 'DistillationLoss' : 'EuclideanLoss';
    const softmax_param = isSoftmax ? producer.param.softmax_param : undefined;
    losses.push({
      index: 0,
      name: `distill ${compared.id}`,
      type,
      param: createMessage('LayerParameter', { type, ...(softmax_param && { softmax_param }) }),
      bottoms: [compared, newBlob(name)],
      tops: [newBlob(`loss/${compared.id}`)],
    });
  }
  const source: GraphLayer = {
    index: 0,
    name: 'teacher',
    type: 'Input',
    param: createMessage('LayerParameter', { type: 'Input' }),
    bottoms: [],
    tops: losses.map(({ bottoms }) => bottoms[1]!),
  };
  const layers = [...inference.layers, source, ...losses].map((layer, index) => ({ ...layer, index }));
  return { graph: { ...inference, layers }, teacher };
}

const newBlob = (name: string): BlobVersion => ({ name, version: 0, id: name, producer: undefined });
