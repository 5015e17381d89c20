import type { Device } from '@caffe-quant/kernels';
import type { TrainingStep, TrainingTest } from '@caffe-quant/report';
import type { Choice } from './training-tests.ts';

/** How often training says how far it is, where the solver does not say. */
const PROGRESS_LINES = 8;

/** Iterations after which training says how long it will take. */
const ESTIMATE_AFTER = 10;

/** What the solver says about what is shown; it changes no result. */
export interface Display {
  /** Iterations between two lines; 0: a few lines in all. */
  readonly every: number;
  /** Iterations that the loss shown is a mean over: `average_loss`; 1: those since the last line. */
  readonly averageLoss: number;
}

/**
 * A line about the latest iterations, where it is time for one.
 *
 * @param device what computes; absent: the processor
 */
export function progressLine(
  steps: readonly TrainingStep[],
  { every, averageLoss }: Display,
  iterations: number,
  device?: Device,
): string | undefined {
  const done = steps.length;
  const interval = every > 0 ? every : Math.ceil(iterations / PROGRESS_LINES);
  if (done % interval !== 0 && done !== iterations) return undefined;
  const recent = steps.slice(-(averageLoss > 1 ? averageLoss : interval));
  const loss = recent.reduce((sum, step) => sum + step.loss, 0) / recent.length;
  const place = device === undefined ? '' : ` on ${device}`;
  return `iteration ${done} of ${iterations}${place}: loss ${lossText(loss)} (mean of ${recent.length})`;
}

/**
 * Once, after ten iterations: how long the others will take.
 *
 * @param elapsed milliseconds since training began or was resumed at iteration `resumedAt`, tests left out
 */
export function timeLine(done: number, resumedAt: number, iterations: number, elapsed: number): string | undefined {
  if (done - resumedAt !== ESTIMATE_AFTER || iterations <= 2 * done) return undefined;
  const left = iterations - done;
  const seconds = Math.ceil(((elapsed / ESTIMATE_AFTER) * left) / 1000);
  return `${left} iterations to go, about ${seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`}`;
}

/** A loss that grew this much will not come back. */
const EXPLODED = 100;

/** In the iteration in which the loss is a hundred times that of the first one for the first time: that, and what to do. */
export function explosionLine(steps: readonly TrainingStep[]): string | undefined {
  const [first] = steps;
  const last = steps.at(-1);
  if (!first || !last || !(first.loss > 0)) return undefined;
  const isExploded = ({ loss }: TrainingStep) => loss > EXPLODED * first.loss;
  if (!isExploded(last) || steps.slice(0, -1).some(isExploded)) return undefined;
  return (
    `warning: training diverges: the loss rose from ${first.loss.toPrecision(4)} to ${last.loss.toPrecision(4)} ` +
    `by iteration ${last.iteration}, with the learning rate ${Number(last.learningRate.toPrecision(6))}: try a tenth of base_lr`
  );
}

/** What is handed over, where that is chosen. */
export function choiceLine({ iteration, metric, value }: Choice, iterations: number): string {
  const figure = `${metric} ${value.toFixed(4)}`;
  return iteration === 0
    ? `handed over: the net before training, which is better than after any of the tests (${figure})`
    : `handed over: the weights after ${iteration} of ${iterations} iterations, the best of the tests (${figure})`;
}

export function testLine({ iteration, metrics }: TrainingTest): string {
  const values = Object.entries(metrics).map(([name, value]) => `${name} ${value.toFixed(4)}`);
  return `test after ${iteration} iterations: ${values.join(', ')}`;
}

/** Those of a distillation are small ones. */
const lossText = (loss: number): string => (loss < 0.01 && loss > 0 ? loss.toPrecision(3) : loss.toFixed(4));
