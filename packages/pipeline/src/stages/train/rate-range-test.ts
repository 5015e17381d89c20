import type { Batch, Trainer } from '@caffe-quant/kernels';
import type { RateRangeTest } from '@caffe-quant/report';
import { type Diagnostic, DiagnosticsError } from 'caffe-prototxt-parser';

/**
 * Where the solver has no base_lr, it is found by a range test: one short training whose rate rises geometrically from far too
 * low to far too high. With S the losses of the batches before it, the rise of the loss at a rate is
 *
 *   rise = (sum of the last `WINDOW` losses - sum of S of the same batches) / sum of |S| of the same batches
 *
 * and the limit is the highest rate at which that is at most `TOLERATED`: whatever is above it makes the net worse within a few
 * iterations. base_lr is `SHARE` of the limit.
 *
 * The sweep is that of Smith, "Cyclical Learning Rates for Training Neural Networks", 2017, section 3.3. His choice, where the loss
 * falls fastest, is one for nets that have everything to learn; a net that is trained already has a loss that hardly falls, and
 * what ruins it shows all the better. Nets are commonly trained from scratch at about a tenth of the limit, and AMCT's
 * documentation advises a hundredth of that for retraining.
 */
const LOWEST_RATE = 1e-9;
const HIGHEST_RATE = 100;
const RATES_A_DECADE = 6;

/** Iterations whose batches the sweep goes through again and again, so that losses are of the same records. */
const BATCHES = 8;

/** Losses that the rise is taken over. */
const WINDOW = 4;

const TOLERATED = 0.05;

/** From here on nothing comes back: the sweep ends. */
const RUINED = 2;

const SHARE = 1 / 1000;

/** What the test trains by: the solver at rate 1, which the trainer's `rateFactor` then is a multiple of. */
export const TEST_RATE = { base_lr: 1, lr_policy: 'fixed' } as const;

/**
 * @param trainer a new one whose solver has `TEST_RATE`; it is of no use afterwards
 * @param batch training data
 * @throws DiagnosticsError where no rate ruins the net, or every one does
 */
export async function rateRangeTest(
  trainer: Pick<Trainer, 'step' | 'snapshot' | 'restore' | 'iterSize'> & { rateFactor: number },
  batch: (index: number) => Promise<Batch>,
  signal: AbortSignal,
): Promise<RateRangeTest> {
  const lossAt = async (rate: number, iteration: number): Promise<number> => {
    signal.throwIfAborted();
    const { iterSize } = trainer;
    const first = (iteration % BATCHES) * iterSize;
    trainer.rateFactor = rate;
    return (await trainer.step(...(await Promise.all(Array.from({ length: iterSize }, (_, i) => batch(first + i))))))
      .loss;
  };
  const start = await trainer.snapshot();
  const starts: number[] = [];
  for (let i = 0; i < BATCHES; i++) starts.push(await lossAt(0, i));
  // Momentum of the gradients would be in the histories.
  trainer.restore(start);
  const losses: number[] = [];
  const tried: RateRangeTest['tried'] = [];
  for (let i = 0; rateOf(i) <= HIGHEST_RATE; i++) {
    const loss = await lossAt(rateOf(i), i).catch((error: unknown) => {
      if (i > 0 && isNotFinite(error)) return Infinity;
      throw error;
    });
    losses.push(loss);
    const rise = riseOf(losses, starts);
    if (!Number.isFinite(rise)) break;
    // A loss is that before the step: it tells of the rates of the steps before.
    if (i > 0) tried.push({ rate: rateOf(i - 1), rise });
    if (rise > RUINED) break;
  }
  const limit = tried.findLast(({ rise }) => rise <= TOLERATED)?.rate;
  if (limit === undefined) throw notFound(`every one makes it worse, from ${LOWEST_RATE} on`);
  if (rateOf(losses.length) > HIGHEST_RATE) throw notFound(`none up to ${HIGHEST_RATE} makes it worse`);
  return { baseLr: twoDigits(limit * SHARE), limit, tried };
}

const isNotFinite = (error: unknown): boolean =>
  error instanceof DiagnosticsError && error.diagnostics.every(({ code }) => code === 'not-finite');

const rateOf = (index: number): number => LOWEST_RATE * 10 ** (index / RATES_A_DECADE);

const twoDigits = (rate: number): number => Number(rate.toPrecision(2));

/** The rise of the latest losses; not finite where the start has no loss at all. */
function riseOf(losses: readonly number[], starts: readonly number[]): number {
  let [rise, size] = [0, 0];
  for (let i = Math.max(0, losses.length - WINDOW); i < losses.length; i++) {
    const start = starts[i % starts.length]!;
    rise += losses[i]! - start;
    size += Math.abs(start);
  }
  return rise / size;
}

function notFound(why: string): DiagnosticsError {
  const problem: Diagnostic = {
    code: 'no-base-lr',
    severity: 'error',
    message: `the solver has no base_lr, and the data tell none: of the learning rates that were tried on the net, ${why}`,
    hint: 'write base_lr into the solver, or give the option baseLr: a hundredth of what the float net was trained with',
  };
  return new DiagnosticsError([problem]);
}

/** What is said of it while training goes on. */
export function rateTestLine({ baseLr, limit, tried }: RateRangeTest): string {
  return (
    `base_lr ${baseLr}, since the solver has none: of ${tried.length} rates tried, one an iteration, those above ${twoDigits(limit)} ` +
    'make the loss grow; base_lr in the solver, or the option baseLr, decides otherwise'
  );
}
