import type { ClipRange } from '../quantizers/canonical-plan.ts';
import { IfmrError, searchRange } from '../quantizers/ifmr.ts';
import { FLT_EPSILON, roundHalfAway } from '../quantizers/rounding.ts';
import { klRange } from './kl-range.ts';
import { mseRange } from './mse-range.ts';
import { RangeSearchError, type ObservedValues } from './observed-values.ts';
import { percentileRange } from './percentile-range.ts';

/** How a range is found from what a quantizer saw. */
export type RangeMethod =
  | { readonly name: 'ifmr' }
  | {
      readonly name: 'percentile';
      /** [50, 100] */
      readonly percentile: number;
    }
  | { readonly name: 'mse' }
  | { readonly name: 'kl' };

/**
 * The range of a data quantizer, its ends on ULQ's grid with zero among its steps, as IFMR leaves it too.
 *
 * @param fixedMin true: its lower end is 0
 * @throws RangeSearchError where the values allow no range
 */
export async function searchedRange(
  values: ObservedValues,
  method: RangeMethod,
  fixedMin: boolean,
): Promise<ClipRange> {
  const range = await RANGES[method.name](values, method as never, fixedMin);
  return { max: range.max, min: fixedMin ? 0 : range.min };
}

const RANGES: {
  readonly [Name in RangeMethod['name']]: (
    values: ObservedValues,
    method: Extract<RangeMethod, { name: Name }>,
    fixedMin: boolean,
  ) => Promise<ClipRange>;
} = {
  ifmr: (values) => ifmrRange(values),
  percentile: async (values, { percentile }) => onGrid(await percentileRange(values, percentile)),
  mse: async (values, _method, fixedMin) => onGrid(await mseRange(values, fixedMin)),
  kl: async (values) => onGrid(await klRange(values)),
};

async function ifmrRange(values: ObservedValues): Promise<ClipRange> {
  try {
    const { clipMax, clipMin } = searchRange(await allOf(values));
    return { max: clipMax, min: clipMin };
  } catch (error) {
    throw error instanceof IfmrError ? new RangeSearchError(error.message) : error;
  }
}

/** All values in one array, not to be changed: that of the only batch, or a new one. */
async function allOf(values: ObservedValues): Promise<Float32Array> {
  let all: Float32Array | undefined;
  let offset = 0;
  await values.forEach((batch) => {
    if (batch.length === values.count) {
      all = batch;
      return;
    }
    all ??= new Float32Array(values.count);
    all.set(batch, offset);
    offset += batch.length;
  });
  return all ?? new Float32Array(0);
}

const { fround } = Math;

/** The range of the grid that a range asks for: as IFMR makes its result, with the step 1 for values without any width. */
function onGrid({ max, min }: ClipRange): ClipRange {
  const [high, low] = [Math.max(0, max), Math.min(0, min)];
  const width = fround(fround(high - low) / 255);
  const scale = width < FLT_EPSILON ? 1 : width;
  if (!(Number.isFinite(scale) && fround(1 / scale) >= FLT_EPSILON)) {
    throw new RangeSearchError(`the values are too large for an 8 bit range: [${low}, ${high}]`);
  }
  const clipMin = fround(roundHalfAway(fround(low / scale)) * scale) + 0;
  return { max: fround(255 * scale + clipMin), min: clipMin };
}
