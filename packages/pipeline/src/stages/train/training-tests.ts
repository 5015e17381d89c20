import type { SolverParameter } from '@caffe-quant/caffe-io';
import {
  decidingMetric,
  isBetter,
  type NetMetric,
  type TestPass,
  type Trainer,
  type TrainerSnapshot,
} from '@caffe-quant/kernels';
import type { TrainingTest } from '@caffe-quant/report';

/** Tests that a training makes on its own account where the solver asks for none. */
const OWN_TESTS = 10;

/** The best test so far, and how to come back to it. */
export interface BestTest {
  readonly iteration: number;
  readonly value: number;
  readonly snapshot: TrainerSnapshot;
}

/** When a training is tested: before iterations 0, `every`, 2 `every`, ..., and after the last one. */
export interface TestSchedule {
  readonly every: number;
  /** Also before the first iteration. */
  readonly atStart: boolean;
  /** Also after the last one, whatever `every` says. */
  readonly atEnd: boolean;
  /** Batches a test; absent: all records. */
  readonly batches: number | undefined;
}

/** @returns undefined where there are no tests */
export function testSchedule(solver: SolverParameter, selectsBest: boolean): TestSchedule | undefined {
  const {
    test_interval: every = 0,
    test_iter: [batches],
    test_initialization: atStart = true,
    max_iter = 1,
  } = solver;
  if (every > 0 && batches !== undefined) return { every, atStart, atEnd: selectsBest, batches };
  if (!selectsBest) return undefined;
  return { every: Math.ceil(max_iter / OWN_TESTS), atStart: true, atEnd: true, batches: undefined };
}

/** The tests of one training, and which was the best of them. */
export class TrainingTests {
  readonly done: TrainingTest[] = [];
  best: BestTest | undefined;
  readonly #schedule: TestSchedule;
  readonly #pass: Pick<TestPass, 'run'>;
  readonly #metric: NetMetric | undefined;
  readonly #selectsBest: boolean;

  constructor(
    schedule: TestSchedule,
    pass: Pick<TestPass, 'run'>,
    metrics: readonly NetMetric[],
    selectsBest: boolean,
  ) {
    this.#schedule = schedule;
    this.#pass = pass;
    this.#metric = decidingMetric(metrics);
    this.#selectsBest = selectsBest;
  }

  /** The metric that decides which test is the best. */
  get metric(): string | undefined {
    return this.#metric?.name;
  }

  /** Tests the weights that a trainer has now, if it is time and has not been done. */
  async runIfDue(trainer: Trainer, iterations: number, signal: AbortSignal): Promise<TrainingTest | undefined> {
    const { iteration } = trainer;
    const { every, atStart, atEnd } = this.#schedule;
    const isDue = (iteration % every === 0 && (iteration > 0 || atStart)) || (atEnd && iteration === iterations);
    if (!isDue || this.done.at(-1)?.iteration === iteration) return undefined;
    const metrics = await this.#pass.run(this.done.length, trainer.weights(), trainer.clips(), signal);
    const test = { iteration, metrics };
    const value = this.#metric && metrics[this.#metric.name];
    if (this.#selectsBest && value !== undefined && isBetter(this.#metric!, value, this.best?.value)) {
      this.best = { iteration, value, snapshot: trainer.snapshot() };
    }
    this.done.push(test);
    return test;
  }
}
