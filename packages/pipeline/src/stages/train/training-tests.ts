import type { SolverParameter } from '@caffe-quant/caffe-io';
import type { Judge, NetWeights, TestPass, Trainer, TrainerSnapshot } from '@caffe-quant/kernels';
import type { TrainingResult, TrainingTest } from '@caffe-quant/report';
import type { ClipRange } from '@caffe-quant/resolver';

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

/**
 * @param selectsBest whether the weights of the best test are handed over: then the start is always among the tests, so that
 *   the result is never worse
 * @returns undefined where there are no tests
 */
export function testSchedule(solver: SolverParameter, selectsBest: boolean): TestSchedule | undefined {
  const {
    test_interval: every = 0,
    test_iter: [batches],
    test_initialization: atStart = true,
    max_iter = 1,
  } = solver;
  if (every > 0 && batches !== undefined) {
    return { every, atStart: atStart || selectsBest, atEnd: selectsBest, batches };
  }
  if (!selectsBest) return undefined;
  return { every: Math.ceil(max_iter / OWN_TESTS), atStart: true, atEnd: true, batches: undefined };
}

/** A quantized net: float master weights and clip ranges. */
export interface QuantizedNet {
  readonly weights: NetWeights;
  readonly clips: ReadonlyMap<string, ClipRange>;
}

/** What is handed over in the end, and by which figure it was chosen. */
export type Choice = NonNullable<TrainingResult['selected']> & { readonly net: QuantizedNet };

/** What the tests of one training are made of. */
export interface TestsOfTraining {
  readonly schedule: TestSchedule;
  readonly judge: Judge;
  readonly selectsBest: boolean;
  /** One test, by its number. */
  readonly pass: Pick<TestPass, 'run'>;
  /** A test on all records, each once. */
  readonly wholePass: Pick<TestPass, 'run'>;
}

/** What tests want of a trainer. */
export type TestedTrainer = Pick<Trainer, 'iteration' | 'weights' | 'clips' | 'snapshot' | 'restore'>;

/** The tests of one training, and which was the best of them. */
export class TrainingTests {
  readonly done: TrainingTest[] = [];
  best: BestTest | undefined;
  readonly #of: TestsOfTraining;

  constructor(of: TestsOfTraining) {
    this.#of = of;
  }

  /**
   * Tests the weights that a trainer has now, if it is time and has not been done. Each test goes on in the data where the
   * one before stopped, as in Caffe; but where the best is chosen, all are on the same records.
   */
  async runIfDue(trainer: TestedTrainer, iterations: number, signal: AbortSignal): Promise<TrainingTest | undefined> {
    const { iteration } = trainer;
    const { pass, judge, selectsBest } = this.#of;
    const { every, atStart, atEnd } = this.#of.schedule;
    const isDue = (iteration % every === 0 && (iteration > 0 || atStart)) || (atEnd && iteration === iterations);
    if (!isDue || this.done.at(-1)?.iteration === iteration) return undefined;
    const index = selectsBest ? 0 : this.done.length;
    const metrics = await pass.run(index, await trainer.weights(), trainer.clips(), signal);
    const test = { iteration, metrics };
    const value = judge.figure(metrics);
    if (selectsBest && value !== undefined && judge.prefers(value, this.best?.value)) {
      this.best = { iteration, value, snapshot: await trainer.snapshot() };
    }
    this.done.push(test);
    return test;
  }

  /**
   * The weights of the best test. Where tests are on some of the records, these are held against the start on all of them, and
   * the start is taken where it is better there.
   *
   * @param start the net before training
   * @returns with the figure on all records; undefined where the last weights are handed over: no choice was asked for, or no
   *   test gave a figure
   */
  async choose(trainer: TestedTrainer, start: QuantizedNet, signal: AbortSignal): Promise<Choice | undefined> {
    const { judge, wholePass, schedule } = this.#of;
    if (!this.best) return undefined;
    const { iteration, value, snapshot } = this.best;
    trainer.restore(snapshot);
    const best = iteration === 0 ? start : { weights: await trainer.weights(), clips: trainer.clips() };
    const choice = { iteration, metric: judge.name, value, net: best };
    if (schedule.batches === undefined) return choice;
    const figureOf = async ({ weights, clips }: QuantizedNet) =>
      judge.figure(await wholePass.run(0, weights, clips, signal)) ?? NaN;
    const before = await figureOf(start);
    const after = iteration === 0 ? before : await figureOf(best);
    const isWorse = judge.prefers(before, after);
    return isWorse ? { ...choice, iteration: 0, value: before, net: start } : { ...choice, value: after };
  }
}
