import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSolverText, writeCaffemodelFile } from '@caffe-quant/caffe-io';
import { Trainer } from '@caffe-quant/kernels';
import type { TrainingResult, TrainingStep } from '@caffe-quant/report';
import { canonicalJson } from '@caffe-quant/resolver';
import type { TrainInput } from '../stage-inputs.ts';
import type { Stage } from '../stage.ts';
import type { StartRanges } from './calibrate.ts';
import { openNet, projectWeights, readJson } from './net-data.ts';
import { restoreTraining, saveTraining } from './training-checkpoint.ts';
import { countRestores, trainedModel, trainingStep } from './training-results.ts';

/** How often training says how far it is. */
const PROGRESS_LINES = 8;

/** Iterations after which training says how long it will take. */
const ESTIMATE_AFTER = 10;

/** How much work at most is lost where the process is killed without warning, in milliseconds. */
const CHECKPOINT_EVERY = 60_000;

/**
 * Quantization-aware training: the float master weights after it (`trained.caffemodel`), the clip ranges
 * (`training.json`) and one line for each iteration (`metrics.jsonl`). Interrupted, it goes on from where it was.
 */
export const trainStage: Stage = {
  name: 'train',
  async run({ project: load, input, out, print, signal, checkpoint }) {
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
      weights: await projectWeights(project, net),
      plan: settings.plan,
      clips: new Map(Object.entries(ranges)),
    });
    try {
      const iterations = solver.max_iter!;
      const steps: TrainingStep[] = await restoreTraining(checkpoint, trainer);
      if (steps.length > 0) print(`going on after iteration ${steps.length} of an interrupted run`);
      const every = Math.ceil(iterations / PROGRESS_LINES);
      const resumedAt = steps.length;
      const startedAt = Date.now();
      let savedAt = startedAt;
      while (trainer.iteration < iterations) {
        if (signal.aborted || Date.now() - savedAt > CHECKPOINT_EVERY) {
          await saveTraining(checkpoint, trainer, steps);
          signal.throwIfAborted();
          savedAt = Date.now();
        }
        const first = trainer.iteration * trainer.iterSize;
        const batches = await Promise.all(Array.from({ length: trainer.iterSize }, (_, i) => data.batch(first + i)));
        steps.push(trainingStep(await trainer.step(...batches)));
        const done = trainer.iteration;
        if (done - resumedAt === ESTIMATE_AFTER && iterations > 2 * done) {
          print(`${iterations - done} iterations to go, about ${duration(Date.now() - startedAt, iterations - done)}`);
        }
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
      writeCaffemodelFile(join(out, 'trained.caffemodel'), trainedModel(graph, trainer));
      await writeFile(join(out, 'training.json'), canonicalJson(result));
      await writeFile(join(out, 'metrics.jsonl'), steps.map((step) => JSON.stringify(step) + '\n').join(''));
    } finally {
      await data.close();
      await trainer.close();
    }
  },
};

/** The time that `left` iterations will take after ten that took `elapsed` milliseconds. */
function duration(elapsed: number, left: number): string {
  const seconds = Math.ceil(((elapsed / ESTIMATE_AFTER) * left) / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
