import { type GraphLayer, LayerError, type LayerParameter, settingsOf } from '@caffe-quant/caffe-io';
import {
  convolutionOfType,
  type ConvolutionSettings,
  groupsOver,
  innerProduct,
} from '@caffe-quant/kernels/layer-types';
import { type GraphBuilder, type Lowered, type LoweringContext, ops, quant, type Value } from '@caffe-quant/kernels';
import { exactBlocks, largestSum, type Block } from './exact-blocks.ts';

/** The integers of a quantized layer, as its deploy model has them. */
export interface IntegerWeights {
  shape: readonly number[];
  weights: Int8Array;
  bias: Int32Array | undefined;
}

type Convolution = NonNullable<ReturnType<typeof convolutionOfType>>;
type ConvolutionContext = LoweringContext<ConvolutionSettings>;

/** What the integer model knows of the deploy model beside its prototxt. */
export interface IntegerParameters {
  /** By layer. */
  weights: ReadonlyMap<string, IntegerWeights>;
  /** Factors of the DeQuant layers, by layer. */
  deqscales: ReadonlyMap<string, Float32Array>;
  /** scale_d of the layers that a Quant layer serves, by the Quant layer. */
  scales: ReadonlyMap<string, number>;
}

/**
 * The layers of a deploy model in integer arithmetic. An activation is q = clamp(round(x / scale_d) + offset_d, -128, 127),
 * halves to even as in training; what a layer computes with is q - offset_d, for which padding is 0. Sums of products are
 * exact; the int32 bias is added, and y = acc * deqscale in float32.
 *
 * Between Quant and DeQuant the graph holds q - offset_d as whole floats and the accumulators as int32.
 */
export class IntegerLayers {
  readonly #parameters: IntegerParameters;
  /** Largest |q - offset_d| of the integer activations, by the tensor's name. */
  readonly #largestInput = new Map<string, number>();

  constructor(parameters: IntegerParameters) {
    this.#parameters = parameters;
  }

  /** For `lowerNet`. */
  readonly override = (layer: GraphLayer, context: LoweringContext): Lowered | undefined => {
    if (layer.type === 'Quant') return { tops: [this.#quantize(layer, context)] };
    if (layer.type === 'DeQuant') return { tops: [this.#dequantize(layer.name, context)] };
    const weights = this.#parameters.weights.get(layer.name);
    if (!weights) return undefined;
    const convolution = convolutionOfType(layer.type);
    if (convolution !== undefined) {
      const inner = { ...context, settings: settingsOf(convolution, layer.param) };
      if (convolution.channelAxis === 0) return { tops: [this.#convolve(convolution, weights, inner)] };
      return { tops: [this.#deconvolve(convolution, weights, inner)] };
    }
    if (layer.type === 'InnerProduct') return { tops: [this.#multiply(weights, layer.param, context)] };
    throw new LayerError(
      'has int8 weights, but the integer simulation knows Convolution, Deconvolution and InnerProduct only',
    );
  };

  #quantize({ name, param }: GraphLayer, { g, bottoms }: LoweringContext): Value {
    const [x] = bottoms as [Value];
    const settings = settingsOf(quant, param);
    const scale = this.#parameters.scales.get(name) ?? settings.scale;
    const zeroPoint = g.constant('int8', [], [settings.offset]);
    const q = g.op('QuantizeLinear', [x, g.scalar(scale), zeroPoint], {}, x.shape, 'int8');
    const value = g.op('DequantizeLinear', [q, g.scalar(1), zeroPoint], {}, x.shape, 'float');
    this.#largestInput.set(value.name, Math.max(127 - settings.offset, 128 + settings.offset));
    return value;
  }

  #dequantize(name: string, { g, bottoms }: LoweringContext): Value {
    const [acc] = bottoms as [Value];
    const deqscale = this.#parameters.deqscales.get(name)!;
    if (deqscale.length > 1 && acc.shape[1] !== deqscale.length) {
      throw new LayerError(`${deqscale.length} factors for [${acc.shape.join(', ')}]`);
    }
    const dims = deqscale.length === 1 ? [] : acc.shape.map((_, axis) => (axis === 1 ? deqscale.length : 1));
    return ops.mul(g, ops.cast(g, acc, 'float'), g.constant('float', dims, deqscale));
  }

  #convolve(kernel: Convolution, { shape, weights, bias }: IntegerWeights, context: ConvolutionContext): Value {
    const { g, settings } = context;
    const [x] = context.bottoms as [Value];
    const group = groupsOver(settings, x.shape[1]!);
    const [outputs, channels, kh, kw] = shape as [number, number, number, number];
    const blocks = this.#blocks(x, weights, [outputs, channels, kh * kw], bias);
    const terms = blocks.map((block) => {
      // Groups have channels of their own: there, a block is the whole input under weights that are zero outside of it.
      const part = group === 1 ? cutChannels(g, x, block) : x;
      const cut = cutWeights(weights, [outputs, channels, kh * kw], block, group > 1);
      const w = g.constant('float', [outputs, group === 1 ? block.channels : channels, kh, kw], cut);
      return ops.cast(g, kernel.lower({ ...context, bottoms: [part], params: [w] }).tops[0]!, 'int32');
    });
    return addBias(g, ops.sum(g, terms), bias);
  }

  /** Its weights are [inputs, outputs, taps]: the sums of an output are cut into blocks as if it were a convolution's. */
  #deconvolve(kernel: Convolution, { shape, weights, bias }: IntegerWeights, context: ConvolutionContext): Value {
    const { g, settings } = context;
    const [x] = context.bottoms as [Value];
    if (groupsOver(settings, x.shape[1]!) !== 1) throw new LayerError('group 1 is what AMCT quantizes');
    const [channels, outputs, ...window] = shape as [number, number, ...number[]];
    const taps = window.reduce((product, length) => product * length, 1);
    const byOutput = swapAxes(weights, [channels, outputs, taps]);
    const terms = this.#blocks(x, byOutput, [outputs, channels, taps], bias).map((block) => {
      const cut = cutWeights(byOutput, [outputs, channels, taps], block, false);
      const byInput = swapAxes(cut, [outputs, block.channels, taps]);
      const w = g.constant('float', [block.channels, outputs, ...window], byInput);
      const inner = { ...context, bottoms: [cutChannels(g, x, block)], params: [w] };
      return ops.cast(g, kernel.lower(inner).tops[0]!, 'int32');
    });
    return addBias(g, ops.sum(g, terms), bias);
  }

  #multiply({ shape, weights, bias }: IntegerWeights, layer: LayerParameter, { g, bottoms }: LoweringContext): Value {
    const [x] = bottoms as [Value];
    const { axis, transposed } = settingsOf(innerProduct, layer);
    if (axis !== 1 || transposed) throw new LayerError('axis 1 and no transpose are what AMCT quantizes');
    const [outputs, inner] = shape as [number, number];
    const rows = ops.flatten(g, x, 1);
    const terms = this.#blocks(x, weights, [outputs, inner, 1], bias).map((block) => {
      const part = cutChannels(g, rows, block);
      const cut = cutWeights(weights, [outputs, inner, 1], block, false);
      const w = g.constant('float', [outputs, block.channels], cut);
      const product = g.op('Gemm', [part, w], { transB: 1 }, [rows.shape[0]!, outputs], 'float');
      return ops.cast(g, product, 'int32');
    });
    return addBias(g, ops.sum(g, terms), bias);
  }

  #blocks(
    x: Value,
    weights: Int8Array,
    shape: readonly [number, number, number],
    bias: Int32Array | undefined,
  ): Block[] {
    const largestInput = this.#largestInput.get(x.name);
    if (largestInput === undefined) throw new LayerError('has int8 weights, but no Quant layer before it');
    if (largestSum(weights, bias, shape[0], largestInput) >= 2 ** 31) {
      throw new LayerError('sums of its products and its bias can exceed int32: skip the layer in quant.cfg');
    }
    return exactBlocks(weights, shape, largestInput);
  }
}

const cutChannels = (g: GraphBuilder, x: Value, { firstChannel, channels }: Block): Value =>
  channels === x.shape[1] ? x : ops.slice(g, x, [{ axis: 1, start: firstChannel, length: channels }]);

/** The weights of a block; with `keepShape` zeros stand for those outside of it. */
function cutWeights(
  weights: Int8Array,
  [outputs, channels, taps]: readonly [number, number, number],
  block: Block,
  keepShape: boolean,
): Float32Array {
  const kept = keepShape ? channels : block.channels;
  const shift = keepShape ? 0 : block.firstChannel;
  const cut = new Float32Array(outputs * kept * taps);
  for (let o = 0; o < outputs; o++) {
    for (let c = block.firstChannel; c < block.firstChannel + block.channels; c++) {
      for (let t = block.firstTap; t < block.firstTap + block.taps; t++) {
        cut[(o * kept + c - shift) * taps + t] = weights[(o * channels + c) * taps + t]!;
      }
    }
  }
  return cut;
}

/** [a, b, taps] to [b, a, taps]. */
function swapAxes<Elements extends Int8Array | Float32Array>(
  elements: Elements,
  [a, b, taps]: readonly [number, number, number],
): Elements {
  return elements.map((_, i) => {
    const [row, column, tap] = [Math.floor(i / (a * taps)), Math.floor(i / taps) % a, i % taps];
    return elements[(column * b + row) * taps + tap]!;
  }) as Elements;
}

function addBias(g: GraphBuilder, acc: Value, bias: Int32Array | undefined): Value {
  if (!bias) return acc;
  const dims = acc.shape.map((_, axis) => (axis === 1 ? bias.length : 1));
  return ops.add(g, acc, g.constant('int32', dims, bias));
}
