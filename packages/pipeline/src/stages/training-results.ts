import type { CaffemodelToWrite, NetGraph } from '@caffe-quant/caffe-io';
import { parameterShapes, type NetWeights, type Shape, type StepResult } from '@caffe-quant/kernels';
import type { TrainingStep } from '@caffe-quant/report';

/** An iteration as a line of `metrics.jsonl`. */
export function trainingStep({ iteration, loss, learningRate, clips }: StepResult): TrainingStep {
  const restored = [...clips].filter(([, clip]) => clip.restored).map(([name]) => name);
  return {
    iteration,
    loss,
    learningRate,
    clips: Object.fromEntries([...clips].map(([name, { clip }]) => [name, [clip.max, clip.min]])),
    ...(restored.length > 0 && { restored }),
  };
}

/** How often each range was restored, by the name of its quantizer. */
export function countRestores(steps: readonly TrainingStep[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of steps.flatMap(({ restored = [] }) => restored)) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** The float master weights, in net order. */
export function weightsModel(
  graph: NetGraph,
  inputShapes: ReadonlyMap<string, Shape>,
  weights: NetWeights,
): CaffemodelToWrite {
  const types = new Map(graph.layers.map(({ name, type }) => [name, type]));
  return {
    name: graph.name,
    layers: parameterShapes(graph, inputShapes).map(({ layer, shapes }) => ({
      name: layer,
      type: types.get(layer)!,
      blobs: weights.get(layer)!.map((data, i) => ({ shape: [...shapes[i]!], data })),
    })),
  };
}
