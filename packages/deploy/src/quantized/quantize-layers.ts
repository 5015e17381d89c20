import {
  ArqError,
  channelAxis,
  dequantizeWeights,
  quantizeWeights,
  roundHalfEven,
  ulqGrid,
  type UlqGrid,
} from '@caffe-quant/kernels';
import type { CanonicalLayer, CanonicalPlan, ClipRange } from '@caffe-quant/resolver';
import { type Diagnostic, DiagnosticsError } from 'caffe-prototxt-parser';
import type { MeasuredLayer, MeasuredNet, WeightTable } from '../net/measured-net.ts';
import { isUsableScale } from '../record/record-rules.ts';
import type { BatchNormFold } from './find-folds.ts';
import { foldBatchNorm } from './fold-batch-norm.ts';
import type { QuantizedBias, QuantizedData, QuantizedLayer, QuantizedWeights } from './quantized-layer.ts';
import { Unexportable } from './unexportable.ts';

export interface QuantizeInput {
  net: MeasuredNet;
  plan: CanonicalPlan;
  weights: WeightTable;
  /** The final range of every quantizer, by its name. */
  clips: ReadonlyMap<string, ClipRange>;
  /** What is folded into them, by the quantized layer's name. */
  folds: ReadonlyMap<string, BatchNormFold>;
}

/**
 * The quantized layers of a net, in net order; those that only training has are left out.
 * @throws DiagnosticsError with every layer that cannot be exported.
 */
export function quantizeLayers(input: QuantizeInput): { layers: QuantizedLayer[]; warnings: Diagnostic[] } {
  const { net, plan } = input;
  const errors: Diagnostic[] = [];
  const warnings: Diagnostic[] = [];
  const layers = plan.layers.flatMap((planned): QuantizedLayer[] => {
    const measured = net.layers.get(planned.name);
    if (!measured) return [];
    const { line } = measured.layer;
    const where = { file: net.graph.file, ...(line === undefined ? {} : { line }), layer: planned.name };
    const title = `${planned.type} "${planned.name}"`;
    try {
      const layer = quantizeLayer(measured, planned, input);
      const losses = lossesOf(layer).map(({ code, message }): Diagnostic => {
        return { code, severity: 'warning', message: `${title} ${message}`, ...where };
      });
      warnings.push(...losses);
      return [layer];
    } catch (error) {
      if (!(error instanceof Unexportable)) throw error;
      const { code, hint } = error;
      errors.push({ code, severity: 'error', message: `${title} ${error.message}`, ...where, hint });
      return [];
    }
  });
  if (errors.length > 0) throw new DiagnosticsError(errors);
  return { layers, warnings };
}

/** What a fold cannot carry over exactly. */
function lossesOf({ folded, weights }: QuantizedLayer): { code: string; message: string }[] {
  if (!folded || !weights) return [];
  const { layers, zeroChannels, clampedWeights, factors } = folded;
  const names = layers.map((name) => `"${name}"`).join(', ');
  const losses: { code: string; message: string }[] = [];
  if (zeroChannels > 0) {
    const message = `has ${zeroChannels} of ${factors.length} channels that ${names} multiply by 0, or by too little for a scale: their weights are exported as 0`;
    losses.push({ code: 'batch-norm-zero', message });
  }
  if (clampedWeights > 0) {
    const message = `has ${clampedWeights} of ${weights.quantized.length} weights of -128 in channels that ${names} multiply by a negative number: 127 stands for 128 there`;
    losses.push({ code: 'batch-norm-clamped', message });
  }
  return losses;
}

function quantizeLayer(
  { layer, bottoms, params }: MeasuredLayer,
  planned: CanonicalLayer,
  { net, plan, weights: table, clips, folds }: QuantizeInput,
): QuantizedLayer {
  const { name, type } = planned;
  if (layer.type !== type) throw new Error(`layer '${name}' is of type ${layer.type}, planned as ${type}`);
  if (bottoms.length !== 1) {
    throw new Unexportable('several-inputs', `has ${bottoms.length} inputs`, 'skip the layer in quant.cfg');
  }
  const quantizer = plan.quantizers.find((each) => each.name === planned.quantizer);
  const clip = clips.get(planned.quantizer);
  if (!quantizer || !clip) throw new Error(`no clip range for the quantizer '${planned.quantizer}'`);
  const grid = ulqGrid(clip);
  checkGrid(grid, clip);
  const data: QuantizedData = {
    quantizer: quantizer.name,
    layers: quantizer.layers.filter((each) => net.layers.has(each)),
    blob: layer.bottoms[0]!.name,
    clip: { max: clip.max, min: clip.min + 0 }, // no negative zero
    fixedMin: quantizer.fixedMin,
    grid,
    shape: bottoms[0]!,
  };
  const common = { name, type, param: layer.param, data };
  if (planned.channelWise === undefined) return { ...common, deqscale: Float32Array.of(grid.scale) };
  const blobs = params.map((_, index) => {
    const blob = table.blob(name, index);
    if (!blob) throw new Error(`no weights for blob ${index} of layer '${name}'`);
    return blob;
  });
  const trained = quantizeKernel(blobs[0]!, params[0]!.shape, type, planned.channelWise);
  const deqscaleOf = (weights: QuantizedWeights) => weights.scales.map((scale) => grid.scale * scale);
  const fold = folds.get(name);
  if (!fold) {
    const deqscale = deqscaleOf(trained);
    return { ...common, weights: trained, ...(blobs[1] && { bias: quantizeBias(blobs[1], deqscale) }), deqscale };
  }
  const { weights, bias, folded } = foldBatchNorm(trained, blobs[1], fold, table);
  const deqscale = deqscaleOf(weights);
  const asTrained = { weights: trained, deqscale: deqscaleOf(trained) };
  return {
    ...common,
    weights,
    bias: quantizeBias(bias, deqscale),
    deqscale,
    folded: { ...folded, trained: asTrained },
  };
}

function checkGrid({ scale, zeroPoint }: UlqGrid, { max, min }: ClipRange): void {
  if (isUsableScale(scale) && zeroPoint >= -128 && zeroPoint <= 127) return;
  throw new Unexportable(
    'clip-range',
    `has the clip range [${min}, ${max}], from which no scale follows`,
    'train with another range or a smaller learning rate, or skip the layer in quant.cfg',
  );
}

function quantizeKernel(
  master: Float32Array,
  shape: readonly number[],
  type: string,
  channelWise: boolean,
): QuantizedWeights {
  const axis = channelAxis(type);
  try {
    const result = quantizeWeights(master, shape, channelWise ? axis : undefined);
    const fake = dequantizeWeights(result, shape, channelWise ? axis : undefined);
    return { shape, channelWise, axis, master, scales: result.scales, quantized: result.quantized, fake };
  } catch (error) {
    if (!(error instanceof ArqError)) throw error;
    const hint = 'check the weights, or skip the layer in quant.cfg';
    throw new Unexportable('weight-quantization', `has weights that cannot be quantized: ${error.message}`, hint);
  }
}

const INT32_MAX = 2 ** 31 - 1;
const { fround } = Math;

/**
 * round(bias / deqscale), halves to even, in float32, as AMCT's `insert_bias_quant_pass` does it. A result that int32
 * cannot hold is an error there too.
 */
function quantizeBias(master: Float32Array, deqscale: Float32Array): QuantizedBias {
  const quantized = new Int32Array(master.length);
  master.forEach((bias, channel) => {
    const steps = roundHalfEven(fround(bias / deqscale[deqscale.length === 1 ? 0 : channel]!));
    if (!(steps >= -INT32_MAX - 1 && steps <= INT32_MAX)) {
      throw new Unexportable(
        'bias-overflow',
        `has a bias of ${bias} in channel ${channel}, which is ${steps} steps of scale_d * scale_w: int32 cannot hold it`,
        'add the layer to skip_layers in quant.cfg',
      );
    }
    quantized[channel] = steps;
  });
  return { master, quantized };
}
