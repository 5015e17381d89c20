import { type GraphLayer, settingsOf } from '@caffe-quant/caffe-io';
import { innerProduct } from '@caffe-quant/kernels/layer-types';
import {
  elementCount,
  LAYER_KERNELS,
  type GraphBuilder,
  type Lowered,
  type LoweringContext,
  ops,
  type Value,
} from '@caffe-quant/kernels';
import type { QuantizedBias, QuantizedData, QuantizedLayer, QuantizedWeights } from '../quantized/quantized-layer.ts';

/**
 * Quantized layers as runtimes expect them in ONNX: QuantizeLinear and DequantizeLinear around the float operator (QDQ).
 * Activations are uint8 with zero point offset_d + 128, since int8 ones run many times slower in onnxruntime; weights
 * int8; biases int32 with the scale scale_d * scale_w.
 */
export class QdqLayers {
  readonly #layers: ReadonlyMap<string, QuantizedLayer>;
  readonly #activations = new Map<string, Value>();

  constructor(layers: readonly QuantizedLayer[]) {
    this.#layers = new Map(layers.map((layer) => [layer.name, layer]));
  }

  /** For `lowerNet`: the lowering of quantized layers, and of those float ones whose standard form is made for training. */
  readonly override = (layer: GraphLayer, context: LoweringContext): Lowered | undefined => {
    const quantized = this.#layers.get(layer.name);
    if (quantized) return this.#lower(quantized, layer, context);
    return layer.type === 'InnerProduct' ? asGemm(layer, context) : undefined;
  };

  #lower(quantized: QuantizedLayer, layer: GraphLayer, context: LoweringContext): Lowered {
    const { g } = context;
    const { data, weights, bias, deqscale } = quantized;
    const bottom = context.bottoms[0]!;
    // Flattened before it is quantized: a runtime looks for DequantizeLinear right before the product.
    const isMatrix = quantized.type === 'InnerProduct' && data.layers.length === 1;
    const x = this.#activation(g, isMatrix ? ops.flatten(g, bottom, 1) : bottom, data);
    const params = weights
      ? [kernelOf(g, quantized.name, weights), ...(bias ? [biasOf(g, quantized.name, bias, deqscale)] : [])]
      : [];
    const inner = { ...context, bottoms: [x], params };
    const gemm = quantized.type === 'InnerProduct' ? asGemm(layer, inner) : undefined;
    return gemm ?? LAYER_KERNELS.get(quantized.type)!.lower(inner);
  }

  #activation(g: GraphBuilder, x: Value, { quantizer, grid }: QuantizedData): Value {
    const known = this.#activations.get(quantizer);
    if (known) return known;
    const scale = g.constant('float', [], [grid.scale], `${quantizer}/scale_d`);
    const zeroPoint = g.constant('uint8', [], [grid.zeroPoint + 128], `${quantizer}/zero_point_d`);
    const quantized = g.op('QuantizeLinear', [x, scale, zeroPoint], {}, x.shape, 'uint8');
    const value = g.op('DequantizeLinear', [quantized, scale, zeroPoint], {}, x.shape, 'float');
    this.#activations.set(quantizer, value);
    return value;
  }
}

function kernelOf(g: GraphBuilder, name: string, { quantized, scales, shape, axis }: QuantizedWeights): Value {
  const integers = g.constant('int8', shape, quantized, `${name}/weights_int8`);
  const dims = scales.length === 1 ? [] : [scales.length];
  const scale = g.constant('float', dims, scales, `${name}/scale_w`);
  // One for each layer: onnxruntime's optimizer replaces it, and fails on one that two layers share.
  const zero = g.constant('int8', dims, new Int8Array(scales.length), `${name}/zero_point_w`);
  const attributes = scales.length === 1 ? {} : { axis };
  return g.op('DequantizeLinear', [integers, scale, zero], attributes, shape, 'float');
}

function biasOf(g: GraphBuilder, name: string, { quantized }: QuantizedBias, deqscale: Float32Array): Value {
  const integers = g.constant('int32', [quantized.length], quantized, `${name}/bias_int32`);
  const dims = deqscale.length === 1 ? [] : [deqscale.length];
  const scale = g.constant('float', dims, deqscale, `${name}/deqscale`);
  const attributes = deqscale.length === 1 ? {} : { axis: 0 };
  // Without a zero point: ONNX has none for int32.
  return g.op('DequantizeLinear', [integers, scale], attributes, [quantized.length], 'float');
}

/** InnerProduct as one Gemm, whatever its shape: for running, not for bytes that are equal for any number of threads. */
function asGemm({ param }: GraphLayer, { g, bottoms, params }: LoweringContext): Lowered | undefined {
  const { axis, transposed, numOutput: outputs } = settingsOf(innerProduct, param);
  const [x] = bottoms;
  if (!x || axis !== 1) return undefined;
  const rows = x.shape.length === 2 ? x : ops.flatten(g, x, 1);
  const [w, b] = params;
  const inner = elementCount(x.shape.slice(1));
  if (elementCount(w!.shape) !== inner * outputs) throw new Error(`weights [${w!.shape.join()}] for ${inner} inputs`);
  return { tops: [g.op('Gemm', [rows, w, b], { transB: transposed ? 0 : 1 }, [x.shape[0]!, outputs], 'float')] };
}
