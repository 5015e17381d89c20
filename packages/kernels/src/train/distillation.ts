import { createMessage, type BlobVersion, type GraphLayer, type NetGraph } from '@caffe-quant/caffe-io';
import { computedOutputs, producerOf } from '../net/computed-outputs.ts';
import type { RunOutput } from '../net/net-runner.ts';

/** What a net needs in order to be trained against another one with the same outputs. */
export interface DistillationNet {
  /** The net, with a loss on each output that compares it with the teacher's; the teacher's outputs are data. */
  graph: NetGraph;
  /** The outputs that are compared, by the ids of their blobs, and the names of the data that hold the teacher's. */
  teacher: ReadonlyMap<string, string>;
}

/** The teacher's outputs on one batch, by the ids of their blobs. */
export type TeacherAnswers = ReadonlyMap<string, RunOutput>;

/** An output that is compared with the teacher's. */
interface ComparedOutput {
  blob: BlobVersion;
  /** The layer that makes probabilities of it, where these are the net's output. */
  softmax: GraphLayer | undefined;
}

/** What of the teacher's has to be known for a distillation: the ids of the blobs that `distillationNet` compares. */
export const taughtOutputs = (inference: NetGraph): string[] => comparedOutputs(inference).map(({ blob }) => blob.id);

/**
 * Puts losses on the outputs of an inference net, so that a quantized net can learn from the float one's own answers on
 * data without labels: DistillationLoss on the scores under a Softmax, EuclideanLoss on any other output. Of layers that
 * are computed behind the graph, such as DetectionOutput, what they read is compared.
 *
 * No loss grows with the number of elements, their unit or the number of outputs, so that one learning rate fits nets of any
 * size: the objective is the mean over the outputs of
 * - the noise-to-signal ratio of an output without Softmax, sum of (s - t)^2 / sum of t^2 = 10^(-SQNR / 10): 0 for a net that
 *   says what the teacher says, 1 for one that says 0;
 * - the divergence of scores in nats, KL(t || s), mean over the positions: its gradients have the scale of those of
 *   SoftmaxWithLoss, which a classifier's learning rate was found with.
 *
 * @param sample the teacher's answers on some batches of the size of training's: their mean power is the signal's
 */
export function distillationNet(inference: NetGraph, sample: readonly TeacherAnswers[]): DistillationNet {
  const compared = comparedOutputs(inference);
  const teacher = new Map(compared.map(({ blob }) => [blob.id, `teacher/${blob.id}`]));
  const losses = compared.map(({ blob, softmax }): GraphLayer => {
    const type = softmax ? 'DistillationLoss' : 'EuclideanLoss';
    const softmax_param = softmax?.param.softmax_param;
    const answers = sample.map((batch) => batch.get(blob.id)!);
    const scale = softmax ? 1 : silentDistance(answers);
    // What the teacher leaves at 0 has no scale: its loss is taken as it is.
    const loss_weight = [1 / compared.length / (scale >= FLT_MIN ? scale : 1)];
    return {
      index: 0,
      name: `distill ${blob.id}`,
      type,
      param: createMessage('LayerParameter', { type, loss_weight, ...(softmax_param && { softmax_param }) }),
      bottoms: [blob, newBlob(teacher.get(blob.id)!)],
      tops: [newBlob(`loss/${blob.id}`)],
    };
  });
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

/** The smallest normal float32: what is below has no inverse. */
const FLT_MIN = 1.1754943508222875e-38;

/** In net order, each blob once. */
function comparedOutputs(inference: NetGraph): ComparedOutput[] {
  const found = new Map<string, ComparedOutput>();
  for (const output of computedOutputs(inference)) {
    const producer = producerOf(inference, output);
    const softmax = producer?.type === 'Softmax' ? producer : undefined;
    const blob = softmax ? softmax.bottoms[0]! : output;
    if (!found.has(blob.id)) found.set(blob.id, { blob, softmax });
  }
  return [...found.values()];
}

/** The EuclideanLoss of an output that is 0 everywhere, the mean over the batches: sum of t^2 / (2 N). */
function silentDistance(answers: readonly RunOutput[]): number {
  return mean(answers.map(({ data, shape }) => data.reduce((sum, t) => sum + t * t, 0) / 2 / shape[0]!));
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const newBlob = (name: string): BlobVersion => ({ name, version: 0, id: name, producer: undefined });
