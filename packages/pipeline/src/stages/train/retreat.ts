import type { Trainer, TrainerSnapshot } from '@caffe-quant/kernels';
import type { Setback } from '@caffe-quant/report';

/** A training goes back so often at most: a rate that is a thousand times too high is no slip any more. */
const MOST = 3;

/** What the rates are multiplied by each time. */
const SLOWER = 0.1;

/** A state is one to go back to when so many iterations after it showed no divergence, which is seen after five. */
const PROBATION = 10;

/** States are looked at so often in a training, but not more often than every `PROBATION` iterations. */
const STATES = 20;

/** What a retreat is made of, for a checkpoint. */
export interface RetreatState {
  readonly setbacks: readonly Setback[];
  /** Absent: the start. */
  readonly good: TrainerSnapshot | undefined;
  readonly candidate: TrainerSnapshot | undefined;
}

/**
 * Where a diverging training goes back to: the last state that showed no divergence for ten iterations, at first the start; and to
 * the start itself where that state has led into divergence before. Each time with a tenth of the rates, three times at most.
 */
export class Retreat {
  readonly #every: number;
  #state: RetreatState = { setbacks: [], good: undefined, candidate: undefined };

  constructor(iterations: number) {
    this.#every = Math.max(PROBATION, Math.ceil(iterations / STATES));
  }

  get state(): RetreatState {
    return this.#state;
  }

  get setbacks(): readonly Setback[] {
    return this.#state.setbacks;
  }

  /** What the rates are multiplied by now. */
  get rateFactor(): number {
    return SLOWER ** this.setbacks.length;
  }

  restore(state: RetreatState): void {
    this.#state = state;
  }

  /** Looks at a trainer between two iterations that shows no divergence. */
  async watch(trainer: Pick<Trainer, 'iteration' | 'snapshot'>): Promise<void> {
    const { good, candidate } = this.#state;
    const { iteration } = trainer;
    if (candidate && iteration >= candidate.iteration + PROBATION) {
      this.#state = { ...this.#state, good: candidate, candidate: undefined };
    }
    const isDue = iteration > (good?.iteration ?? 0) && iteration % this.#every === 0;
    if (isDue && !this.#state.candidate) this.#state = { ...this.#state, candidate: await trainer.snapshot() };
  }

  /**
   * @param seen in which iteration training was seen to diverge, its rate, and how that was seen, in words
   * @returns whether there is a way back: then to `state.good`, with the new `rateFactor`
   */
  back(seen: Pick<Setback, 'iteration' | 'learningRate' | 'cause'>): boolean {
    const { setbacks, good } = this.#state;
    if (setbacks.length >= MOST) return false;
    const to = setbacks.at(-1)?.backTo === good?.iteration ? undefined : good;
    const setback = { ...seen, backTo: to?.iteration ?? 0, slowerBy: SLOWER };
    this.#state = { setbacks: [...setbacks, setback], good: to, candidate: undefined };
    return true;
  }
}
