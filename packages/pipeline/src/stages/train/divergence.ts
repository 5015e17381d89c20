import type { Diagnostic } from 'caffe-prototxt-parser';
import type { TrainingStep } from '@caffe-quant/report';
import type { Mode } from '../../project/mode.ts';

/** A training diverges where its loss is this many times that of the start, ... */
const FACTOR = 10;

/** ... in so many iterations in a row: one batch may be an odd one, and momentum carries a loss up for a while. */
const PATIENCE = 5;

/**
 * Losses up to this are no divergence, however small the loss of the start was. A distillation that is at 0.1 has a tenth of
 * its signal as noise, 10 dB. Losses with labels have scales of their own; above 10 no classifier of less than 22,000 classes
 * is while it learns from scratch, which is what a training with a high learning rate comes near to.
 */
export const HOPEFUL_LOSS = { distill: 0.1, retrain: 10, calibrate: Infinity } as const satisfies Record<Mode, number>;

/** Watches the loss of a training for divergence, which no later iteration mends. */
export class DivergenceWatch {
  readonly #hopeful: number;
  /** A loss that the start has. */
  #reference: number | undefined;

  /**
   * @param hopeful losses up to this are no divergence
   * @param reference what `reference` was in the run that this one goes on from
   */
  constructor(hopeful: number, reference?: number) {
    this.#hopeful = hopeful;
    this.#reference = reference;
  }

  /** A loss that the start has; undefined before the first question. */
  get reference(): number | undefined {
    return this.#reference;
  }

  /** Whether the latest losses are those of a diverging training, unless their batches have such losses from the start. */
  isSuspect(steps: readonly TrainingStep[]): boolean {
    const [first] = steps;
    if (!first || steps.length <= PATIENCE) return false;
    this.#reference ??= first.loss;
    const limit = Math.max(FACTOR * this.#reference, this.#hopeful);
    return steps.slice(-PATIENCE).every(({ loss }) => loss > limit);
  }

  /**
   * Settles a suspicion: batches differ, so the loss is compared with what the net before training has on the same batch.
   *
   * @param startLoss the loss of the last iteration's batches before training
   * @returns the error that ends the training; undefined where the loss is that of the batch
   */
  settle({ iteration, loss, learningRate }: TrainingStep, startLoss: number): Diagnostic | undefined {
    if (loss <= FACTOR * startLoss) {
      // At least doubled, so that the question is not put for every odd batch.
      this.#reference = Math.max(startLoss, 2 * this.#reference!);
      return undefined;
    }
    const message =
      `training diverges: in iteration ${iteration}, with the learning rate ${rateText(learningRate)}, the loss is ` +
      `${loss.toPrecision(4)}, where the net before training has ${startLoss.toPrecision(4)} on the same records; ` +
      `for ${PATIENCE} iterations it has been more than ${FACTOR} times what it was at first`;
    const hint = `try a tenth of the learning rate, baseLr: ${rateText(learningRate / 10)} in the options, or clip_gradients in the solver; without training, mode: calibrate`;
    return { code: 'diverges', severity: 'error', message, hint };
  }
}

const rateText = (rate: number): string => String(Number(rate.toPrecision(6)));
