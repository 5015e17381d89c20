import type { ClipRange } from '../quantizers/canonical-plan.ts';
import { ulqGrid } from '../quantizers/ulq.ts';
import { roundHalfEven } from '../quantizers/rounding.ts';
import type { ObservedValues } from './observed-values.ts';
import { binsOf, type ValueBins } from './value-bins.ts';

/**
 * The range with the least squared error of ULQ's grid, over both of its ends:
 *
 *   argmin over (m, M) of sum of (q(x; m, M) - x)²
 *
 * M is searched for among hundredths of the greatest value, m among those of the least one, in turns until neither moves.
 * The values are taken as the means of 4,096 bins. IFMR, beside it, holds the lower end and tries 0.7 to 1.29 times the
 * greatest value for the upper one.
 *
 * Source of the criterion: Nagel et al., "A White Paper on Neural Network Quantization", 2021, section 3.1, "MSE".
 *
 * @param fixedMin true: m is 0
 * @returns [0, 0] where no value is positive and m is 0, or all are 0
 */
export async function mseRange(values: ObservedValues, fixedMin: boolean): Promise<ClipRange> {
  const bins = await binsOf(values, BINS);
  const [greatest, least] = [Math.max(0, bins.max), fixedMin ? 0 : Math.min(0, bins.min)];
  const points = pointsOf(bins);
  let best: ClipRange = { max: greatest, min: least };
  if (greatest === least) return best;
  let bestError = squaredError(points, best);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = bestError;
    for (const end of ['max', 'min'] as const) {
      const whole = end === 'max' ? greatest : least;
      for (let step = end === 'max' && least === 0 ? 1 : 0; whole !== 0 && step <= STEPS; step++) {
        const tried = { ...best, [end]: (whole * step) / STEPS };
        if (tried.max === tried.min) continue;
        const error = squaredError(points, tried);
        if (error < bestError) [best, bestError] = [tried, error];
      }
    }
    if (bestError === before) break;
  }
  return best;
}

const BINS = 4096;
const STEPS = 100;
/** Each round makes the error smaller, and a few are enough. */
const MOST_ROUNDS = 10;

interface Points {
  values: Float64Array;
  counts: Float64Array;
}

function pointsOf({ counts, sums }: ValueBins): Points {
  const filled = [...counts.keys()].filter((bin) => counts[bin]! > 0);
  return {
    values: Float64Array.from(filled, (bin) => sums[bin]! / counts[bin]!),
    counts: Float64Array.from(filled, (bin) => counts[bin]!),
  };
}

function squaredError({ values, counts }: Points, range: ClipRange): number {
  const { scale, offset } = ulqGrid({ max: Math.fround(range.max), min: Math.fround(range.min) });
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const steps = roundHalfEven(values[i]! / scale);
    const clipped = steps < offset ? offset : steps > offset + 255 ? offset + 255 : steps;
    const difference = clipped * scale - values[i]!;
    sum += counts[i]! * difference * difference;
  }
  return sum;
}
