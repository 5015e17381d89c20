import type { Batch, Crossing, Device, Trainer } from '@caffe-quant/kernels';
import type { TrainingStep } from '@caffe-quant/report';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import type { StageContext } from '../../stage.ts';
import { DivergenceWatch } from './divergence.ts';
import { readAhead } from './read-ahead.ts';
import { restoreTraining, saveTraining } from './training-checkpoint.ts';
import { crossingLine, lesserCrossing } from './device-crossing.ts';
import { choiceLine, explosionLine, progressLine, testLine, timeLine, type Display } from './training-progress.ts';
import { trainingStep } from './training-results.ts';
import type { TrainingSetup } from './training-setup.ts';
import type { Choice, QuantizedNet, TrainingTests } from './training-tests.ts';

/** How much work at most is lost where the process is killed without warning, in milliseconds. */
const CHECKPOINT_EVERY = 60_000;

export interface TrainingRun extends Pick<StageContext, 'print' | 'signal' | 'checkpoint'> {
  readonly iterations: number;
  readonly setup: Pick<TrainingSetup, 'batch'>;
  readonly tests: TrainingTests | undefined;
  /** The net before training. */
  readonly start: QuantizedNet;
  readonly display: Display;
  /** Makes the trainer for the iterations from this one on. */
  createTrainer(frozenBatchNorm: boolean): Promise<Trainer>;
  /** Iterations after which BatchNorm stays on the statistics reached; absent: never. */
  readonly freezeAfter: number | undefined;
  /** Losses up to this are no divergence. */
  readonly hopefulLoss: number;
  /** What computes; absent: the processor. */
  readonly device: Device | undefined;
}

/** What a training ends with. */
export interface FinishedTraining {
  readonly steps: TrainingStep[];
  /** The net of the last iteration, or the one chosen. */
  readonly net: QuantizedNet;
  /** Absent where the last one was taken. */
  readonly choice: Choice | undefined;
  /** Batches an iteration. */
  readonly iterSize: number;
  /** What an iteration moves between the processor and the device, the first ones left out; undefined on the processor. */
  readonly crossing: Crossing | undefined;
}

/**
 * Trains for `iterations`, testing where it is time; interrupted, it saves where it is, and goes on from there when it runs
 * again.
 *
 * @throws DiagnosticsError where the training diverges
 */
export async function runTraining(run: TrainingRun): Promise<FinishedTraining> {
  const { iterations, tests, print, signal, checkpoint, freezeAfter = Infinity, device } = run;
  const startsFrozen = freezeAfter === 0;
  let trainer = await run.createTrainer(startsFrozen);
  let isFrozen = startsFrozen;
  const steps = await restoreTraining(checkpoint, trainer, tests);
  const resumedAt = steps.length;
  if (resumedAt > 0) print(`going on after iteration ${resumedAt} of an interrupted run`);
  const { iterSize } = trainer;
  const batchesOf = readAhead(
    (iteration) => Promise.all(Array.from({ length: iterSize }, (_, i) => run.setup.batch(iteration * iterSize + i))),
    iterations,
  );
  const watch = new DivergenceWatch(run.hopefulLoss);
  const lossOfStart = async (batches: readonly Batch[]) => {
    const untrained = await run.createTrainer(startsFrozen);
    try {
      return (await untrained.step(...batches)).loss;
    } finally {
      await untrained.close();
    }
  };
  const startedAt = Date.now();
  let savedAt = startedAt;
  let testing = 0;
  let crossing: Crossing | undefined;
  try {
    for (;;) {
      signal.throwIfAborted();
      const beforeTest = Date.now();
      const test = await tests?.runIfDue(trainer, iterations, signal);
      testing += Date.now() - beforeTest;
      if (test) print(testLine(test));
      if (trainer.iteration >= iterations) break;
      if (!isFrozen && trainer.iteration >= freezeAfter) {
        const snapshot = await trainer.snapshot();
        await trainer.close();
        trainer = await run.createTrainer(true);
        trainer.restore(snapshot);
        isFrozen = true;
        print(`from iteration ${trainer.iteration} on BatchNorm keeps its statistics`);
      }
      if (Date.now() - savedAt > CHECKPOINT_EVERY) {
        await saveTraining(checkpoint, trainer, steps, tests);
        savedAt = Date.now();
      }
      const batches = await batchesOf(trainer.iteration);
      const step = trainingStep(await trainer.step(...batches));
      steps.push(step);
      crossing = lesserCrossing(crossing, trainer.crossing);
      const elapsed = Date.now() - startedAt - testing;
      for (const line of [
        timeLine(steps.length, resumedAt, iterations, elapsed),
        explosionLine(steps),
        progressLine(steps, run.display, iterations, device),
        crossingLine(steps.length, resumedAt, crossing, device),
      ]) {
        if (line !== undefined) print(line);
      }
      if (watch.isSuspect(steps)) {
        const problem = watch.settle(step, await lossOfStart(batches));
        if (problem) throw new DiagnosticsError([problem]);
      }
    }
  } catch (error) {
    if (signal.aborted) await saveTraining(checkpoint, trainer, steps, tests);
    await trainer.close();
    throw error;
  }
  // Interrupted from here on, a run goes on from its last checkpoint: the trainer may be at the best test.
  try {
    const choice = await tests?.choose(trainer, run.start, signal);
    if (choice) print(choiceLine(choice, iterations));
    const net = choice?.net ?? { weights: await trainer.weights(), clips: trainer.clips() };
    return { steps, net, choice, iterSize, crossing };
  } finally {
    await trainer.close();
  }
}
