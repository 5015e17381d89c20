import type { Device } from '@caffe-quant/kernels';
import type { Setback, TrainingStep, TrainingTest } from '@caffe-quant/report';
import { durationText } from '../../duration-text.ts';
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

/** A training as its progress is told. */
export interface TrainingKind {
  readonly iterations: number;
  /** Records an iteration. */
  readonly records: number;
  /** What computes; absent: the processor. */
  readonly device?: Device | undefined;
}

/**
 * A line about the latest iterations, where it is time for one.
 *
 * @param pace milliseconds an iteration took since the last line, tests left out; 0: unknown
 */
export function progressLine(
  steps: readonly TrainingStep[],
  { every, averageLoss }: Display,
  { iterations, records, device }: TrainingKind,
  pace: number,
): string | undefined {
  const done = steps.length;
  const interval = every > 0 ? every : Math.ceil(iterations / PROGRESS_LINES);
  if (done % interval !== 0 && done !== iterations) return undefined;
  const recent = steps.slice(-(averageLoss > 1 ? averageLoss : interval));
  const loss = recent.reduce((sum, step) => sum + step.loss, 0) / recent.length;
  const place = device === undefined ? '' : ` on ${device}`;
  const left = (iterations - done) * pace;
  return [
    `iteration ${done} of ${iterations}${place}: loss ${lossText(loss)} (mean of ${recent.length})`,
    `rate ${Number(steps.at(-1)!.learningRate.toPrecision(3))}`,
    ...(pace > 0 ? [`${rounded((1000 * records) / pace)} records/s`] : []),
    ...(left > 0 ? [`${durationText(left)} to go`] : []),
  ].join(', ');
}

/** How long iterations take, from one line to the next. */
export class Pace {
  #done: number;
  #elapsed = 0;

  /** @param done iterations before the first that is timed */
  constructor(done: number) {
    this.#done = done;
  }

  /** Milliseconds of an iteration since the last line, `elapsed` of them having passed since the first; 0 where none did. */
  lap(done: number, elapsed: number): number {
    return done > this.#done ? (elapsed - this.#elapsed) / (done - this.#done) : 0;
  }

  /** Goes on from here: behind a line, or a step back. */
  restart(done: number, elapsed: number): void {
    [this.#done, this.#elapsed] = [done, elapsed];
  }
}

/**
 * Once, after ten iterations: how long the others will take.
 *
 * @param elapsed milliseconds since training began or was resumed at iteration `resumedAt`, tests left out
 */
export function timeLine(done: number, resumedAt: number, iterations: number, elapsed: number): string | undefined {
  if (done - resumedAt !== ESTIMATE_AFTER || iterations <= 2 * done) return undefined;
  const left = iterations - done;
  return `${left} iterations to go, about ${durationText((elapsed / ESTIMATE_AFTER) * left)}`;
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

/** The latest of a training's setbacks. */
export function setbackLine(setbacks: readonly Setback[]): string {
  const { cause, backTo, slowerBy, learningRate } = setbacks.at(-1)!;
  const rate = Number((learningRate * slowerBy).toPrecision(6));
  const to = backTo === 0 ? 'the net before training' : `the weights after ${backTo} iterations`;
  return `${cause}: back to ${to}, with the learning rate ${rate} (setback ${setbacks.length})`;
}

export function testLine({ iteration, metrics }: TrainingTest): string {
  const values = Object.entries(metrics).map(([name, value]) => `${name} ${value.toFixed(4)}`);
  return `test after ${iteration} iterations: ${values.join(', ')}`;
}

/** Those of a distillation are small ones. */
const lossText = (loss: number): string => (loss < 0.01 && loss > 0 ? loss.toPrecision(3) : loss.toFixed(4));

/** Two digits say enough of a speed. */
const rounded = (value: number): string => Number(value.toPrecision(2)).toLocaleString('en-US');
