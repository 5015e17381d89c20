import { dequantizeWeights, elementCount, roundHalfAway, roundHalfEven, type UlqGrid } from '@caffe-quant/kernels';
import { FLT_EPSILON, isUsableScale } from '../record/record-rules.ts';
import type { QuantizedWeights } from './quantized-layer.ts';
import { Unexportable } from './unexportable.ts';

const { abs, fround, max, min } = Math;

const INT32_MAX = 2 ** 31 - 1;

/** Steps of a bias without weights: as many as float32, in which y = acc * deqscale is computed, tells apart. */
const STEPS_OF_BIAS = 2 ** 23;

/** A channel, or a tensor with one scale, whose bias does not fit int32 at the scale that ARQ gives its weights. */
export interface CoarseScale {
  /** Output channels that have the scale. */
  channels: readonly number[];
  /** By ARQ, with what is folded in. */
  from: number;
  to: number;
}

/** A channel of zeros beside others with one scale for all, whose bias that scale is too coarse for. */
export interface LostBias {
  channel: number;
  bias: number;
  /** What the int32 bias stands for. */
  kept: number;
}

export interface ChannelScales {
  weights: QuantizedWeights;
  coarse: readonly CoarseScale[];
  lost: readonly LostBias[];
}

/**
 * The scales with which the biases survive. A bias is stored as round(bias / (scale_d * scale_w)) in int32: how exact it
 * is hangs on the scale of the weights beside it. ARQ's scale stays where the two get along. Else:
 *
 * - Weights that are all 0 leave the scale free (ARQ says 1, with which a bias of 0.4 may become 0): it is chosen for
 *   2^23 steps of the largest bias, as far as AMCT takes such a scale.
 * - A bias that int32 cannot hold, or that leaves no room there for the sum of the products, needs a larger scale: the
 *   smallest one that fits, since the errors of the weights and of the bias both grow with it.
 *
 * The record, the int8 weights, the int32 biases, deqscale and the ONNX model all follow from these scales.
 *
 * @param source the weights in float, for those whose scale changes.
 * @param bias one for each output channel.
 * @param grid of the layer's input.
 * @throws Unexportable where no scale fits.
 */
export function scalesForBias(
  weights: QuantizedWeights,
  source: Float32Array,
  bias: Float32Array | undefined,
  grid: UlqGrid,
): ChannelScales {
  const fitted = new FittedScales(weights, source, bias, grid);
  const dead = fitted.deadChannels();
  const coarse: CoarseScale[] = [];
  weights.scales.forEach((from, index) => {
    const channels = weights.scales.length === 1 ? [...fitted.sums.keys()] : [index];
    if (channels.every((channel) => fitted.sums[channel] === 0)) fitted.chooseForBias(index, channels);
    const to = fitted.enlarge(index, channels);
    if (to !== undefined) coarse.push({ channels, from, to });
  });
  const fits: QuantizedWeights = {
    ...fitted.result(),
    ...(dead.length > 0 && { deadChannels: dead }),
    ...(coarse.length > 0 && { coarseChannels: coarse.flatMap(({ channels }) => channels) }),
  };
  return { weights: fits, coarse, lost: weights.scales.length === 1 ? fitted.lostBiases(dead) : [] };
}

/** A bias that is off by more than this part of itself counts as lost. */
const LOST_PART = 1 / 32;

class FittedScales {
  /** Sum of the |int8 weights| of each output channel. */
  readonly sums: Float64Array;
  readonly #weights: QuantizedWeights;
  readonly #source: Float32Array;
  readonly #bias: Float32Array | undefined;
  readonly #grid: UlqGrid;
  readonly #scales: Float32Array;
  #quantized: Int8Array;

  constructor(weights: QuantizedWeights, source: Float32Array, bias: Float32Array | undefined, grid: UlqGrid) {
    this.#weights = weights;
    this.#source = source;
    this.#bias = bias;
    this.#grid = grid;
    this.#scales = weights.scales.slice();
    this.#quantized = weights.quantized;
    this.sums = new Float64Array(weights.shape[weights.axis]!);
    const all = [...this.sums.keys()];
    this.#eachWeight(all, (i, channel) => void (this.sums[channel]! += abs(this.#quantized[i]!)));
  }

  deadChannels(): number[] {
    return [...this.sums.keys()].filter((channel) => this.sums[channel] === 0);
  }

  /** Gives a scale whose weights are all 0 to the biases. */
  chooseForBias(index: number, channels: readonly number[]): void {
    const largest = channels.reduce((top, channel) => max(top, abs(this.#bias?.[channel] ?? 0)), 0);
    if (largest === 0) return;
    const wanted = fround(largest / this.#grid.scale / STEPS_OF_BIAS);
    this.#scales[index] = min(max(wanted, FLT_EPSILON), 1 / FLT_EPSILON);
  }

  /** @returns the scale that fits int32, where the one that is there does not. */
  enlarge(index: number, channels: readonly number[]): number | undefined {
    const from = this.#scales[index]!;
    for (let load = this.#load(index, channels); load > 1; load = this.#load(index, channels)) {
      this.#scales[index] = this.#scales[index]! * max(load, 1 + 2 ** -22);
      if (!isUsableScale(this.#scales[index]!)) throw this.#hopeless(from, channels);
      this.#quantizeAnew(index, channels);
    }
    return this.#scales[index] === from ? undefined : this.#scales[index];
  }

  /** Of channels of zeros under the scale of others. */
  lostBiases(dead: readonly number[]): LostBias[] {
    const deqscale = fround(this.#grid.scale * this.#scales[0]!);
    return dead.flatMap((channel): LostBias[] => {
      const bias = this.#bias?.[channel] ?? 0;
      const kept = fround(biasSteps(bias, deqscale) * deqscale);
      return abs(kept - bias) > abs(bias) * LOST_PART && this.sums.some((sum) => sum > 0)
        ? [{ channel, bias, kept }]
        : [];
    });
  }

  result(): QuantizedWeights {
    const { shape, axis, scales, quantized } = this.#weights;
    if (this.#quantized === quantized) return { ...this.#weights, scales: this.#scales };
    const changed = { scales: this.#scales, quantized: this.#quantized };
    const fake = dequantizeWeights(changed, shape, scales.length === 1 ? undefined : axis);
    return { ...this.#weights, ...changed, fake };
  }

  /** The largest |accumulator| that inputs and bias can make, as a part of what int32 holds. */
  #load(index: number, channels: readonly number[]): number {
    const deqscale = fround(this.#grid.scale * this.#scales[index]!);
    const largestInput = max(127 - this.#grid.zeroPoint, 128 + this.#grid.zeroPoint);
    const largest = channels.reduce((top, channel) => {
      const steps = abs(biasSteps(this.#bias?.[channel] ?? 0, deqscale));
      return max(top, this.sums[channel]! * largestInput + steps);
    }, 0);
    return largest / INT32_MAX;
  }

  #quantizeAnew(index: number, channels: readonly number[]): void {
    if (this.#quantized === this.#weights.quantized) this.#quantized = this.#quantized.slice();
    for (const channel of channels) this.sums[channel] = 0;
    const scale = this.#scales[index]!;
    this.#eachWeight(channels, (i, channel) => {
      const q = min(127, max(-128, roundHalfAway(fround(this.#source[i]! / scale))));
      this.#quantized[i] = q;
      this.sums[channel]! += abs(q);
    });
  }

  #eachWeight(channels: readonly number[], visit: (index: number, channel: number) => void): void {
    const { shape, axis } = this.#weights;
    const inner = elementCount(shape.slice(axis + 1));
    const outer = elementCount(shape.slice(0, axis));
    for (let o = 0; o < outer; o++) {
      for (const channel of channels) {
        const start = (o * shape[axis]! + channel) * inner;
        for (let i = start; i < start + inner; i++) visit(i, channel);
      }
    }
  }

  #hopeless(from: number, channels: readonly number[]): Unexportable {
    const channel = channels.reduce((a, b) => (abs(this.#bias?.[b] ?? 0) > abs(this.#bias?.[a] ?? 0) ? b : a));
    const bias = this.#bias?.[channel] ?? 0;
    return new Unexportable(
      'bias-overflow',
      `has a bias of ${inShort(bias)} in channel ${channel}, which int32 cannot hold at any scale_w that AMCT takes: scale_d is ${inShort(this.#grid.scale)}, scale_w ${inShort(from)}`,
      'check the weights, or add the layer to skip_layers in quant.cfg',
    );
  }
}

/** round(bias / deqscale), halves to even, in float32, as AMCT's `insert_bias_quant_pass` does it. */
export const biasSteps = (bias: number, deqscale: number): number => roundHalfEven(fround(bias / deqscale));

/** A number in a message: four digits tell what is meant. */
export const inShort = (value: number): string => String(Number(value.toPrecision(4)));
