import * as ops from '../graph/ops.ts';
import { elementCount, type GraphBuilder, type Shape, type Value } from '../graph/graph-builder.ts';
import { FLT_EPSILON, roundHalfAway } from './rounding.ts';

/**
 * ARQ (Adaptive Range Quantization) of weights: 8 bit, symmetric, offset 0, from the float weights at every forward.
 * Per group (the whole tensor, or one output channel if channel-wise) with a = max if |max| > |min|, else min:
 *
 *   scale = a / 127 if a > 0, else a / -128; below FLT_EPSILON: 1
 *   q = clamp(round(w / scale), -128, 127), halves away from zero;   w~ = q * scale
 *
 * The gradient is straight through: dL/dw = dL/dw~.
 * Source: `arq.cpp` of AMCT's quantize library (hicann/amct).
 */

export class ArqError extends Error {}

export interface ArqResult {
  /** One scale, or one per output channel. */
  scales: Float32Array;
  /** q, in the layout of the weights. */
  quantized: Int8Array;
}

const { abs, floor, fround } = Math;
const INFINITY = Infinity;

/**
 * Quantizes a weight blob.
 * @param axis the channel axis for scales per channel; undefined: one scale.
 * @throws ArqError for weights that are not finite, or too large for a scale.
 */
export function quantizeWeights(weights: Float32Array, shape: Shape, axis: number | undefined): ArqResult {
  const channels = axis === undefined ? 1 : shape[axis]!;
  const inner = axis === undefined ? weights.length : elementCount(shape.slice(axis + 1));
  const channelOf = (i: number): number => (axis === undefined ? 0 : floor(i / inner) % channels);
  const max = new Float32Array(channels).fill(-Infinity);
  const min = new Float32Array(channels).fill(Infinity);
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (!(weight > -INFINITY && weight < INFINITY))
      throw new ArqError(`weight ${weight} at element ${i} is not finite`);
    const channel = channelOf(i);
    if (weight > max[channel]!) max[channel] = weight;
    if (weight < min[channel]!) min[channel] = weight;
  }
  const scales = max.map((top, channel) => weightScale(top, min[channel]!));
  const quantized = new Int8Array(weights.length);
  for (let i = 0; i < weights.length; i++) {
    const steps = roundHalfAway(fround(weights[i]! / scales[channelOf(i)]!));
    quantized[i] = steps > 127 ? 127 : steps < -128 ? -128 : steps;
  }
  return { scales, quantized };
}

function weightScale(max: number, min: number): number {
  const extreme = abs(max) > abs(min) ? max : min;
  const scale = extreme > 0 ? fround(extreme / 127) : fround(extreme / -128);
  if (scale < FLT_EPSILON) return 1;
  if (fround(1 / scale) < FLT_EPSILON) throw new ArqError(`weights up to ${Math.max(max, -min)} need an illegal scale`);
  return scale;
}

/** w~ = q * scale, in float32. */
export function dequantizeWeights(result: ArqResult, shape: Shape, axis: number | undefined): Float32Array {
  const { scales, quantized } = result;
  const inner = axis === undefined ? quantized.length : elementCount(shape.slice(axis + 1));
  const weights = new Float32Array(quantized.length);
  for (let i = 0; i < weights.length; i++) {
    weights[i] = quantized[i]! * scales[axis === undefined ? 0 : floor(i / inner) % scales.length]!;
  }
  return weights;
}

/** The weights in the graph on their grid. */
export interface ArqValues {
  /** w~, in the layout of the weights. */
  weights: Value;
  /** One scale, or one per output channel; of the weights' rank, with 1 for each other axis. */
  scale: Value;
  /** Of the scale's shape: whether all weights are so small that they become 0. */
  isZero: Value;
}

/** w~ of the weights `w` in the graph, for training: scales follow the weights in every step. */
export function arqForward(g: GraphBuilder, w: Value, axis: number | undefined): ArqValues {
  const axes = ops.allAxes(w).filter((each) => each !== axis);
  const max = ops.reduceMax(g, w, axes, true);
  const min = ops.reduceMin(g, w, axes, true);
  const extreme = ops.where(g, ops.greater(g, ops.abs(g, max), ops.abs(g, min)), max, min);
  const limit = ops.where(g, ops.greater(g, extreme, g.scalar(0)), g.scalar(127), g.scalar(-128));
  const raw = ops.div(g, extreme, limit);
  const isZero = ops.less(g, raw, g.scalar(FLT_EPSILON));
  const scale = ops.where(g, isZero, g.scalar(1), raw);
  const steps = ops.roundHalfAway(g, ops.div(g, w, scale));
  return { weights: ops.mul(g, ops.min(g, steps, g.scalar(127)), scale), scale, isZero };
}
