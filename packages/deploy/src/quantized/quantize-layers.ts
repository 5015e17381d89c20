import {
  ArqError,
  channelAxisOf,
  dequantizeWeights,
  quantizeWeights,
  ulqGrid,
  type UlqGrid,
} from '@caffe-quant/kernels';
import type { BatchNormFold } from '@caffe-quant/kernels/layer-types';
import type { CanonicalLayer, CanonicalPlan, ClipRange } from '@caffe-quant/resolver';
import { type Diagnostic, DiagnosticsError } from 'caffe-prototxt-parser';
import type { LayerShapes, NetShapes, WeightTable } from '../net/infer-shapes.ts';
import { isUsableScale } from '../record/record-rules.ts';
import { biasSteps, scalesForBias } from './channel-scales.ts';
import { foldBatchNorm } from './fold-batch-norm.ts';
import type { QuantizedBias, QuantizedData, QuantizedLayer, QuantizedWeights } from './quantized-layer.ts';
import { foldRemarks, type Remark, scaleRemarks } from './remarks.ts';
import { Unexportable } from './unexportable.ts';

export interface QuantizeInput {
  net: NetShapes;
  plan: CanonicalPlan;
  weights: WeightTable;
  /** The final range of every quantizer, by its name. */
  clips: ReadonlyMap<string, ClipRange>;
  /** What is folded into them, by the quantized layer's name. */
  folds: ReadonlyMap<string, BatchNormFold>;
}

/**
 * The quantized layers of a net, in net order, with what is worth knowing of them; those that only training has are left
 * out.
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
      const { layer, remarks } = quantizeLayer(measured, planned, input);
      for (const { message, ...remark } of remarks) {
        warnings.push({ ...remark, message: `${title} ${message}`, ...where });
      }
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

function quantizeLayer(
  { layer, bottoms, params }: LayerShapes,
  planned: CanonicalLayer,
  { net, plan, weights: table, clips, folds }: QuantizeInput,
): { layer: QuantizedLayer; remarks: Remark[] } {
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
  if (planned.channelWise === undefined) {
    return { layer: { ...common, deqscale: Float32Array.of(grid.scale) }, remarks: [] };
  }
  const blobs = params.map((_, index) => {
    const blob = table.blob(name, index);
    if (!blob) throw new Error(`no weights for blob ${index} of layer '${name}'`);
    return blob;
  });
  const trained = quantizeKernel(blobs[0]!, params[0]!.shape, type, planned.channelWise);
  const deqscaleOf = ({ scales }: QuantizedWeights) => scales.map((scale) => grid.scale * scale);
  const fold = folds.get(name);
  const folding = fold && foldBatchNorm(trained, blobs[1], fold, table);
  const master = folding ? folding.bias : blobs[1];
  const chosen = folding
    ? scalesForBias(folding.weights, folding.weights.fake, master, grid)
    : scalesForBias(trained, trained.master, master, grid);
  const { weights } = chosen;
  const deqscale = deqscaleOf(weights);
  const bias = master && quantizeBias(master, deqscale);
  const folded = folding && {
    ...folding.folded,
    trained: { weights: trained, deqscale: deqscaleOf(trained) },
  };
  const quantized = { ...common, weights, ...(bias && { bias }), deqscale, ...(folded && { folded }) };
  return { layer: quantized, remarks: [...foldRemarks(quantized), ...scaleRemarks(quantized, chosen)] };
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
  const axis = channelAxisOf(type);
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

/** The biases in int32, under scales that have room for them. */
function quantizeBias(master: Float32Array, deqscale: Float32Array): QuantizedBias {
  const quantized = new Int32Array(master.length);
  master.forEach((bias, channel) => {
    const steps = biasSteps(bias, deqscale[deqscale.length === 1 ? 0 : channel]!);
    if (Number.isNaN(steps)) {
      const hint = 'check the weights, or skip the layer in quant.cfg';
      throw new Unexportable('bias-overflow', `has a bias of ${bias} in channel ${channel}`, hint);
    }
    quantized[channel] = steps;
  });
  return { master, quantized };
}
