import { FLT_EPSILON, roundHalfAway } from './rounding.ts';

// Bound once: looking `Math` up in the loops below costs ten times their arithmetic in a realm that is not the main one.
const { abs, floor, fround } = Math;

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
/** (1.3 - 0.7) / 0.01 + 1 is 60.999996 in float32, so 1.30 itself is no candidate. */
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

function bounds(values: Float32Array, kMax: number, kMin: number): { max: number; min: number } {
  let max = -Infinity;
  let min = Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(value > -Infinity && value < Infinity)) throw new IfmrError(`value ${value} at element ${i} is not finite`);
    if (value > max) max = value;
    if (value < min) min = value;
  }
  if (kMax > 1 || kMin > 1) {
    const sorted = values.slice().sort();
    max = sorted[sorted.length - kMax]!;
    min = sorted[kMin - 1]!;
  }
  return { max: Math.max(0, max), min: Math.min(0, min) };
}

/** The scale as AMCT uses it: one for a range too narrow to divide by. */
function usableScale(scale: number): number {
  return scale < FLT_EPSILON ? 1 : scale;
}

const isLegal = (scale: number): boolean => Number.isFinite(scale) && fround(1 / scale) >= FLT_EPSILON;

/** Sum of squared rounding errors of `values` clipped to [low, high] on a grid of step `scale`, in float32. */
function squaredError(values: Float32Array, low: number, high: number, scale: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const clipped = value < low ? low : value > high ? high : value;
    const position = fround(clipped / scale);
    const magnitude = abs(position);
    const whole = floor(magnitude);
    const steps = magnitude - whole >= 0.5 ? whole + 1 : whole;
    const difference = fround(fround((position < 0 ? -steps : steps) * scale) - value);
    sum = fround(sum + fround(difference * difference));
  }
  return sum;
}

interface Candidate {
  index: number;
  scale: number;
  error: number;
}

function bestCandidate(
  values: Float32Array,
  range: (ratio: number) => { low: number; high: number; scale: number },
): Candidate {
  let best: Candidate | undefined;
  for (let index = 0; index < CANDIDATES; index++) {
    const { low, high, scale } = range(fround(SEARCH_START + fround(index * SEARCH_STEP)));
    if (!isLegal(scale)) continue;
    const error = fround(squaredError(values, low, high, scale) / values.length);
    if (!best || error < best.error) best = { index, scale, error };
  }
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
