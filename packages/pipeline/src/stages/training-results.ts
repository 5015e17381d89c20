import type { CaffemodelToWrite, NetGraph } from '@caffe-quant/caffe-io';
import type { StepResult, Trainer } from '@caffe-quant/kernels';
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
export function trainedModel(graph: NetGraph, trainer: Trainer): CaffemodelToWrite {
  const weights = trainer.weights();
  const shapes = trainer.shapes();
  return {
    name: graph.name,
    layers: graph.layers
      .filter(({ name }) => weights.has(name))
      .map(({ name, type }) => ({
        name,
        type,
        blobs: weights.get(name)!.map((data, i) => ({ shape: [...shapes.get(name)![i]!], data })),
      })),
  };
}
