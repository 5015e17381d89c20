import type { CaffemodelToWrite, NetGraph } from '@caffe-quant/caffe-io';
import { parameterShapes, type NetWeights, type Shape, type StepResult } from '@caffe-quant/kernels';
import type { LossTrend, TrainingStep } from '@caffe-quant/report';

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

/** At most that many iterations at either end of a training tell how its loss went. */
const TREND_STEPS = 20;

/** How the loss went, by the first and the last tenth of the iterations; undefined where there are none. */
export function lossTrend(steps: readonly TrainingStep[]): LossTrend | undefined {
  const [first] = steps;
  if (!first) return undefined;
  const count = Math.max(1, Math.min(TREND_STEPS, Math.floor(steps.length / 10)));
  const mean = (some: readonly TrainingStep[]) => some.reduce((sum, { loss }) => sum + loss, 0) / count;
  return {
    ...{ first: mean(steps.slice(0, count)), last: mean(steps.slice(-count)), steps: count },
    learningRate: Number(first.learningRate.toPrecision(6)),
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
