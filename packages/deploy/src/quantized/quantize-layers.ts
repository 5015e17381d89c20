import { consumersOf, type NetGraph } from '@caffe-quant/caffe-io';
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
import type { QuantizedBias, QuantizedData, QuantizedLayer, QuantizedWeights } from './quantized-layer.ts';

export interface QuantizeInput {
  net: MeasuredNet;
  plan: CanonicalPlan;
  weights: WeightTable;
  /** The final range of every quantizer, by its name. */
  clips: ReadonlyMap<string, ClipRange>;
}

/**
 * The quantized layers of a net, in net order; those that only training has are left out.
 * @throws DiagnosticsError with every layer that cannot be exported.
 */
export function quantizeLayers({ net, plan, weights, clips }: QuantizeInput): QuantizedLayer[] {
  const problems: Diagnostic[] = [];
  const layers = plan.layers.flatMap((planned): QuantizedLayer[] => {
    const measured = net.layers.get(planned.name);
    if (!measured) return [];
    const report = (code: string, message: string, hint: string): void => {
      const { line } = measured.layer;
      const at = line === undefined ? {} : { line };
      problems.push({ code, severity: 'error', message, file: net.graph.file, ...at, layer: planned.name, hint });
    };
    try {
      return [quantizeLayer(measured, planned, net, plan, weights, clips)];
    } catch (error) {
      if (!(error instanceof Unexportable)) throw error;
      report(error.code, `${planned.type} "${planned.name}" ${error.message}`, error.hint);
      return [];
    }
  });
  if (problems.length > 0) throw new DiagnosticsError(problems);
  return layers;
}

/**
 * A quantized layer that feeds BatchNorm has to be folded with it; asked before shapes are known, so that the message is
 * this one whatever else is wrong with the net.
 * @throws DiagnosticsError with every such layer.
 */
export function refuseBatchNorm(graph: NetGraph, plan: CanonicalPlan): void {
  const quantized = new Set(plan.layers.map(({ name }) => name));
  const problems = graph.layers
    .filter(({ name }) => quantized.has(name))
    .flatMap((layer) =>
      layer.tops
        .flatMap((top) => consumersOf(graph, top))
        .filter(({ type }) => type === 'BatchNorm')
        .map((batchNorm): Diagnostic => {
          const message = `the quantized layer "${layer.name}" is followed by BatchNorm "${batchNorm.name}", which export cannot fold into it yet`;
          const at = layer.line === undefined ? {} : { line: layer.line };
          const hint = `fold "${batchNorm.name}" into the float weights before training, or skip "${layer.name}" in quant.cfg`;
          return { code: 'batch-norm', severity: 'error', message, file: graph.file, ...at, layer: layer.name, hint };
        }),
    );
  if (problems.length > 0) throw new DiagnosticsError(problems);
}

class Unexportable extends Error {
  readonly code: string;
  readonly hint: string;

  constructor(code: string, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

function quantizeLayer(
  { layer, bottoms, params }: MeasuredLayer,
  planned: CanonicalLayer,
  net: MeasuredNet,
  plan: CanonicalPlan,
  table: WeightTable,
  clips: ReadonlyMap<string, ClipRange>,
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
  const weights = quantizeKernel(blobs[0]!, params[0]!.shape, type, planned.channelWise);
  const deqscale = weights.scales.map((scale) => grid.scale * scale);
  const bias = blobs[1] && { bias: quantizeBias(blobs[1], deqscale) };
  return { ...common, weights, ...bias, deqscale };
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
