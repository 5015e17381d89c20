import type { Batch, Crossing, Device, Trainer, TrainerSnapshot } from '@caffe-quant/kernels';
import type { Setback, TrainingStep } from '@caffe-quant/report';
import { DiagnosticsError, type Diagnostic } from 'caffe-prototxt-parser';
import type { StageContext } from '../../stage.ts';
import { DivergenceWatch } from './divergence.ts';
import { readAhead } from './read-ahead.ts';
import { Retreat } from './retreat.ts';
import { restoreTraining, saveTraining } from './training-checkpoint.ts';
import { crossingLine, lesserCrossing } from './device-crossing.ts';
import {
  choiceLine,
  explosionLine,
  Pace,
  progressLine,
  setbackLine,
  testLine,
  timeLine,
  type Display,
} from './training-progress.ts';
import { trainingStep } from './training-results.ts';
import type { TrainingSetup } from './training-setup.ts';
import type { Choice, QuantizedNet, TrainingTests } from './training-tests.ts';

/** How much work at most is lost where the process is killed without warning, in milliseconds. */
const CHECKPOINT_EVERY = 60_000;

export interface TrainingRun extends Pick<StageContext, 'print' | 'signal' | 'checkpoint'> {
  readonly iterations: number;
  readonly setup: Pick<TrainingSetup, 'batch' | 'batchSize'>;
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
  readonly setbacks: readonly Setback[];
  /** What an iteration moves between the processor and the device, the first ones left out; undefined on the processor. */
  readonly crossing: Crossing | undefined;
}

/**
 * Trains for `iterations`, testing where it is time; interrupted, it saves where it is, and goes on from there when it runs
 * again.
 *
 * @throws DiagnosticsError where the training diverges, and does so with smaller rates too
 */
export async function runTraining(run: TrainingRun): Promise<FinishedTraining> {
  const { iterations, tests, print, signal, checkpoint, freezeAfter = Infinity, device } = run;
  const startsFrozen = freezeAfter === 0;
  let trainer = await run.createTrainer(startsFrozen);
  let isFrozen = startsFrozen;
  const retreat = new Retreat(iterations);
  const { steps, reference } = await restoreTraining(checkpoint, trainer, tests, retreat);
  trainer.rateFactor = retreat.rateFactor;
  const resumedAt = steps.length;
  if (resumedAt > 0) print(`going on after iteration ${resumedAt} of an interrupted run`);
  const { iterSize } = trainer;
  const batchesOf = readAhead(
    (iteration) => Promise.all(Array.from({ length: iterSize }, (_, i) => run.setup.batch(iteration * iterSize + i))),
    iterations,
  );
  const watch = new DivergenceWatch(run.hopefulLoss, reference);
  const lossOfStart = async (batches: readonly Batch[]) => {
    const untrained = await run.createTrainer(startsFrozen);
    untrained.rateFactor = 0;
    try {
      return (await untrained.step(...batches)).loss;
    } finally {
      await untrained.close();
    }
  };
  const save = () =>
    saveTraining(checkpoint, trainer, { steps, retreat: retreat.state, reference: watch.reference }, tests);
  const replaceTrainer = async (frozen: boolean, snapshot: TrainerSnapshot | undefined) => {
    await trainer.close();
    trainer = await run.createTrainer(frozen);
    trainer.rateFactor = retreat.rateFactor;
    if (snapshot) trainer.restore(snapshot);
    isFrozen = frozen;
  };
  /** One iteration, and whether training diverges by it. */
  const step = async (batches: readonly Batch[]): Promise<Diagnostic | undefined> => {
    try {
      steps.push(trainingStep(await trainer.step(...batches)));
    } catch (error) {
      // The data, or the net that training starts from, would be the same at any rate.
      const isOwn = error instanceof DiagnosticsError && error.diagnostics.every(({ code }) => code === 'not-finite');
      const isOfTraining = isOwn && (await lossOfStart(batches).then(Number.isFinite, () => false));
      if (!isOfTraining) throw error;
      return error.diagnostics[0];
    }
    return watch.isSuspect(steps) ? watch.settle(steps.at(-1)!, await lossOfStart(batches)) : undefined;
  };
  const goBack = async (problem: Diagnostic, at: { iteration: number; learningRate: number }) => {
    if (!retreat.back({ ...at, cause: problem.message })) {
      const before = retreat.setbacks.map(({ learningRate }) => Number(learningRate.toPrecision(6))).join(', ');
      const message = `${problem.message}; before that it went back from divergence with the learning rates ${before}`;
      throw new DiagnosticsError([{ ...problem, message }]);
    }
    print(setbackLine(retreat.setbacks));
    const { good } = retreat.state;
    const iteration = good?.iteration ?? 0;
    steps.length = iteration;
    tests?.goBackTo(iteration);
    await replaceTrainer(iteration >= freezeAfter, good);
  };
  const startedAt = Date.now();
  let savedAt = startedAt;
  let testing = 0;
  const kind = { iterations, records: iterSize * run.setup.batchSize, device };
  const pace = new Pace(resumedAt);
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
        await replaceTrainer(true, await trainer.snapshot());
        print(`from iteration ${trainer.iteration} on BatchNorm keeps its statistics`);
      }
      if (Date.now() - savedAt > CHECKPOINT_EVERY) {
        await save();
        savedAt = Date.now();
      }
      await retreat.watch(trainer);
      const at = { iteration: trainer.iteration, learningRate: trainer.learningRate };
      const problem = await step(await batchesOf(trainer.iteration));
      if (problem) {
        await goBack(problem, at);
        pace.restart(steps.length, Date.now() - startedAt - testing);
        continue;
      }
      crossing = lesserCrossing(crossing, trainer.crossing);
      const elapsed = Date.now() - startedAt - testing;
      const progress = progressLine(steps, run.display, kind, pace.lap(steps.length, elapsed));
      if (progress !== undefined) pace.restart(steps.length, elapsed);
      for (const line of [
        timeLine(steps.length, resumedAt, iterations, elapsed),
        explosionLine(steps),
        progress,
        crossingLine(steps.length, resumedAt, crossing, device),
      ]) {
        if (line !== undefined) print(line);
      }
    }
  } catch (error) {
    if (signal.aborted) await save();
    await trainer.close();
    throw error;
  }
  // Interrupted from here on, a run goes on from its last checkpoint: the trainer may be at the best test.
  try {
    const choice = await tests?.choose(trainer, run.start, signal);
    if (choice) print(choiceLine(choice, iterations));
    const net = choice?.net ?? { weights: await trainer.weights(), clips: trainer.clips() };
    return { steps, net, choice, iterSize, setbacks: retreat.setbacks, crossing };
  } finally {
    await trainer.close();
  }
}
