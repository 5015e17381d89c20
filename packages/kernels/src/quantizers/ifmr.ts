import { FLT_EPSILON, roundHalfAway } from './rounding.ts';
import { squaredErrors } from './squared-errors.ts';

// Bound once: looking globals up in the loops below costs ten times their arithmetic in a realm that is not the main one.
const { abs, floor, fround } = Math;
const INFINITY = Infinity;

/**
 * IFMR (Input Feature Map Reconstruction): the initial clip range of an activation, by a search over the upper bound
 * for the smallest quantization error. AMCT's C++ library evaluates it in float32, error sums included, and so does
 * this: candidates whose errors nearly tie then fall as they do there.
 *
 * Source: `ifmr.cpp` of AMCT's quantize library (hicann/amct), with the settings of its Caffe retrain layer.
 */

export interface IfmrOptions {
  /** Share of the values kept at the upper and at the lower end, (0.5, 1]. */
  maxPercentile?: number;
  minPercentile?: number;
  /** False: a range symmetric about zero, offset 0. */
  withOffset?: boolean;
}

export interface IfmrResult {
  /** Step of the quantizer, > 0. */
  scale: number;
  /** Integer offset of the int8 grid, [-128, 127]: `offset_d` of the record. */
  offset: number;
  /** The range of that grid, as ULQ's clip blobs start: min = -(offset + 128) * scale, max = 255 * scale + min. */
  clipMax: number;
  clipMin: number;
  /** Index of the winning candidate, 0 .. 59: the upper bound tried was (0.7 + 0.01 * index) * max. */
  bestIndex: number;
  /** Mean squared error of the winner. */
  error: number;
}

const SEARCH_START = fround(0.7);
const SEARCH_STEP = fround(0.01);
/** (1.3 - 0.7) / 0.01 + 1 is 60.999996 in float32, so 1.30 itself is not a candidate. */
const CANDIDATES = 60;

export class IfmrError extends Error {}

/**
 * @param values all elements that the quantizer saw in calibration, in the order of the batches.
 * @throws IfmrError where a value is not finite or no legal range exists.
 */
export function searchRange(values: Float32Array, options: IfmrOptions = {}): IfmrResult {
  const { maxPercentile = 0.999999, minPercentile = 0.999999, withOffset = true } = options;
  for (const percentile of [maxPercentile, minPercentile]) {
    if (!(percentile > 0.5 && percentile <= 1)) throw new IfmrError(`percentile ${percentile} is outside (0.5, 1]`);
  }
  if (values.length === 0) throw new IfmrError('no values to calibrate on');
  const { max, min } = bounds(values, rank(values.length, maxPercentile), rank(values.length, minPercentile));
  return withOffset ? searchUpperBound(values, max, min) : searchSymmetricBound(values, max, min);
}

/** k of the k-th largest value that bounds the range; float32 as in the original, so k is 1 up to N = 1,017,735. */
function rank(count: number, percentile: number): number {
  const p = fround(percentile);
  if (p === 1) return 1;
  return Math.max(1, count - floor(fround(p * fround(count))));
}

/** The kMax-th largest and the kMin-th smallest of `values`; zero where that is on the other side of it. */
function bounds(values: Float32Array, kMax: number, kMin: number): { max: number; min: number } {
  const sorted = kMax > FEW || kMin > FEW;
  // The largest so far, descending, and the smallest, ascending.
  const top = new Float32Array(sorted ? 1 : kMax).fill(-INFINITY);
  const bottom = new Float32Array(sorted ? 1 : kMin).fill(INFINITY);
  let [last, first] = [-INFINITY, INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value > last) last = insertLarge(top, value);
    if (value < first) first = insertSmall(bottom, value);
    if (value - value !== 0) throw new IfmrError(`value ${value} at element ${i} is not finite`);
  }
  if (sorted) {
    const all = values.slice().sort();
    [last, first] = [all[values.length - kMax]!, all[kMin - 1]!];
  }
  return { max: Math.max(0, last), min: Math.min(0, first) };
}

/** Up to this rank one pass is faster than to sort all values. */
const FEW = 256;

/** Puts `value`, larger than the last of `top`, in its place. @returns the last one then. */
function insertLarge(top: Float32Array, value: number): number {
  let place = top.length - 1;
  for (; place > 0 && value > top[place - 1]!; place--) top[place] = top[place - 1]!;
  top[place] = value;
  return top[top.length - 1]!;
}

/** Puts `value`, smaller than the last of `bottom`, in its place. @returns the last one then. */
function insertSmall(bottom: Float32Array, value: number): number {
  let place = bottom.length - 1;
  for (; place > 0 && value < bottom[place - 1]!; place--) bottom[place] = bottom[place - 1]!;
  bottom[place] = value;
  return bottom[bottom.length - 1]!;
}

/** The scale as AMCT uses it: one for a range too narrow to divide by. */
function usableScale(scale: number): number {
  return scale < FLT_EPSILON ? 1 : scale;
}

const isLegal = (scale: number): boolean => Number.isFinite(scale) && fround(1 / scale) >= FLT_EPSILON;

interface Candidate {
  index: number;
  scale: number;
  error: number;
}

function bestCandidate(
  values: Float32Array,
  range: (ratio: number) => { low: number; high: number; scale: number },
): Candidate {
  const ranges = Array.from({ length: CANDIDATES }, (_, index) =>
    range(fround(SEARCH_START + fround(index * SEARCH_STEP))),
  );
  const errors = squaredErrors(values, {
    low: Float32Array.from(ranges, ({ low }) => low),
    high: Float32Array.from(ranges, ({ high }) => high),
    scale: Float32Array.from(ranges, ({ scale }) => scale),
  });
  let best: Candidate | undefined;
  ranges.forEach(({ scale }, index) => {
    const error = fround(errors[index]! / values.length);
    if (isLegal(scale) && (!best || error < best.error)) best = { index, scale, error };
  });
  if (!best) throw new IfmrError('the values are too large for an 8 bit range: no candidate gives a legal scale');
  return best;
}

function searchUpperBound(values: Float32Array, max: number, min: number): IfmrResult {
  const best = bestCandidate(values, (ratio) => {
    const high = fround(ratio * max);
    return { low: min, high, scale: usableScale(fround(fround(high - min) / 255)) };
  });
  const offset = -roundHalfAway(fround(min / best.scale)) - 128;
  return result(best, offset);
}

function searchSymmetricBound(values: Float32Array, max: number, min: number): IfmrResult {
  const [magnitude, limit] = abs(max) > abs(min) ? [abs(max), 127] : [abs(min), 128];
  const best = bestCandidate(values, (ratio) => {
    const high = fround(ratio * magnitude);
    return { low: -high, high, scale: usableScale(fround(high / limit)) };
  });
  return result(best, 0);
}

function result(best: Candidate, offset: number): IfmrResult {
  const clipMin = fround(-(offset + 128) * best.scale);
  const clipMax = fround(255 * best.scale + clipMin);
  return { scale: best.scale, offset, clipMax, clipMin, bestIndex: best.index, error: best.error };
}
