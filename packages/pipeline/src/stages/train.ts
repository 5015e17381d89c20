import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSolverText, writeCaffemodelFile, type NetGraph } from '@caffe-quant/caffe-io';
import { Trainer, type NetWeights, type StepResult } from '@caffe-quant/kernels';
import type { TrainingResult, TrainingStep } from '@caffe-quant/report';
import { canonicalJson } from '@caffe-quant/resolver';
import type { TrainInput } from '../stage-inputs.ts';
import type { Stage } from '../stage.ts';
import type { StartRanges } from './calibrate.ts';
import { openNet, projectWeights, readJson } from './net-data.ts';

/** How often training says how far it is. */
const PROGRESS_LINES = 8;

/**
 * Quantization-aware training: the float master weights after it (`trained.caffemodel`), the clip ranges
 * (`training.json`) and one line for each iteration (`metrics.jsonl`).
 */
export const trainStage: Stage = {
  name: 'train',
  async run({ project: load, input, out, print, signal }) {
    const project = await load();
    const settings = readJson<TrainInput>(input('resolve', 'train.json'));
    const ranges = readJson<StartRanges>(input('calibrate', 'ranges.json'));
    const { solver } = readSolverText(settings.solver, 'train.json');
    const net = await openNet(project, settings, 'TRAIN');
    const { graph, data } = net;
    const trainer = await Trainer.create({
      graph,
      solver,
      inputShapes: data.inputShapes(),
      weights: projectWeights(project, net),
      plan: settings.plan,
      clips: new Map(Object.entries(ranges)),
    });
    try {
      const iterations = solver.max_iter!;
      const steps: TrainingStep[] = [];
      const every = Math.ceil(iterations / PROGRESS_LINES);
      while (trainer.iteration < iterations) {
        signal.throwIfAborted();
        const first = trainer.iteration * trainer.iterSize;
        const batches = await Promise.all(Array.from({ length: trainer.iterSize }, (_, i) => data.batch(first + i)));
        steps.push(trainingStep(await trainer.step(...batches)));
        const done = trainer.iteration;
        if (done % every === 0 || done === iterations) {
          const recent = steps.slice(-every);
          const loss = recent.reduce((sum, step) => sum + step.loss, 0) / recent.length;
          print(`iteration ${done} of ${iterations}: loss ${loss.toFixed(4)} (mean of ${recent.length})`);
        }
      }
      const result: TrainingResult = {
        iterations,
        batchSize: data.batchSize * trainer.iterSize,
        records: data.recordCount,
        finalClips: Object.fromEntries(trainer.clips()),
        restores: countRestores(steps),
      };
      writeCaffemodelFile(join(out, 'trained.caffemodel'), caffemodelOf(graph, trainer.weights(), trainer.shapes()));
      await writeFile(join(out, 'training.json'), canonicalJson(result));
      await writeFile(join(out, 'metrics.jsonl'), steps.map((step) => JSON.stringify(step) + '\n').join(''));
    } finally {
      data.close();
      await trainer.close();
    }
  },
};

function trainingStep({ iteration, loss, learningRate, clips }: StepResult): TrainingStep {
  const restored = [...clips].filter(([, clip]) => clip.restored).map(([name]) => name);
  return {
    iteration,
    loss,
    learningRate,
    clips: Object.fromEntries([...clips].map(([name, { clip }]) => [name, [clip.max, clip.min]])),
    ...(restored.length > 0 && { restored }),
  };
}

function countRestores(steps: readonly TrainingStep[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of steps.flatMap(({ restored = [] }) => restored)) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function caffemodelOf(
  graph: NetGraph,
  weights: NetWeights,
  shapes: ReadonlyMap<string, readonly (readonly number[])[]>,
) {
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
