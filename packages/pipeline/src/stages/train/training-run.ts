import type { Trainer } from '@caffe-quant/kernels';
import type { TrainingStep } from '@caffe-quant/report';
import type { StageContext } from '../../stage.ts';
import { readAhead } from './read-ahead.ts';
import { restoreTraining, saveTraining } from './training-checkpoint.ts';
import { explosionLine, progressLine, testLine, timeLine, type Display } from './training-progress.ts';
import { trainingStep } from './training-results.ts';
import type { TrainingSetup } from './training-setup.ts';
import type { TrainingTests } from './training-tests.ts';

/** How much work at most is lost where the process is killed without warning, in milliseconds. */
const CHECKPOINT_EVERY = 60_000;

export interface TrainingRun extends Pick<StageContext, 'print' | 'signal' | 'checkpoint'> {
  readonly iterations: number;
  readonly setup: Pick<TrainingSetup, 'batch'>;
  readonly tests: TrainingTests | undefined;
  readonly display: Display;
  /** Makes the trainer for the iterations from this one on. */
  createTrainer(frozenBatchNorm: boolean): Promise<Trainer>;
  /** Iterations after which BatchNorm stays on the statistics reached; absent: never. */
  readonly freezeAfter: number | undefined;
}

/**
 * Trains for `iterations`, testing where it is time; interrupted, it saves where it is, and goes on from there when it runs
 * again. The trainer that is given back has the weights of the last iteration, or of the best test.
 */
export async function runTraining(run: TrainingRun): Promise<{ trainer: Trainer; steps: TrainingStep[] }> {
  const { iterations, tests, print, signal, checkpoint, freezeAfter = Infinity } = run;
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
  const startedAt = Date.now();
  let savedAt = startedAt;
  let testing = 0;
  try {
    for (;;) {
      signal.throwIfAborted();
      const beforeTest = Date.now();
      const test = await tests?.runIfDue(trainer, iterations, signal);
      testing += Date.now() - beforeTest;
      if (test) print(testLine(test));
      if (trainer.iteration >= iterations) break;
      if (!isFrozen && trainer.iteration >= freezeAfter) {
        const snapshot = trainer.snapshot();
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
      steps.push(trainingStep(await trainer.step(...(await batchesOf(trainer.iteration)))));
      const elapsed = Date.now() - startedAt - testing;
      for (const line of [
        timeLine(steps.length, resumedAt, iterations, elapsed),
        explosionLine(steps),
        progressLine(steps, run.display, iterations),
      ]) {
        if (line !== undefined) print(line);
      }
    }
  } catch (error) {
    if (signal.aborted) await saveTraining(checkpoint, trainer, steps, tests);
    await trainer.close();
    throw error;
  }
  if (tests?.best) trainer.restore(tests.best.snapshot);
  return { trainer, steps };
}
