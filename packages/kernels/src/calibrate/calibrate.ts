import type { NetGraph } from '@caffe-quant/caffe-io';
import type { CanonicalPlan, CanonicalQuantizer, ClipRange } from '../quantizers/canonical-plan.ts';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import type { Shape } from '../graph/graph-builder.ts';
import type { Device } from '../graph/device.ts';
import type { NetWeights } from '../net/net-params.ts';
import { IfmrError, searchRange } from '../quantizers/ifmr.ts';
import { CalibrationPass } from './calibration-pass.ts';
import { histogramOf, type Histogram } from './histogram.ts';

export interface CalibrationInput {
  /** The net whose activations are measured; TRAIN where it will be trained. */
  graph: NetGraph;
  inputShapes: ReadonlyMap<string, Shape>;
  weights: NetWeights;
  plan: CanonicalPlan;
  /** Batch `index` of the calibration data, an array per data input by name. */
  batch: (index: number) => Promise<ReadonlyMap<string, Float32Array>>;
  /** Default: `cpu`. */
  device?: Device | undefined;
  /** Finds a quantizer's start, or has it from before with an equal key. Default: it is found. */
  keep?: (key: CalibrationKey, find: () => Promise<CalibratedQuantizer>) => Promise<CalibratedQuantizer>;
}

/** What decides a quantizer's start, besides the net, its weights and its data. */
export interface CalibrationKey {
  batchNum: number;
  quantizer: Pick<CanonicalQuantizer, 'name' | 'clip' | 'fixedMin'>;
  /** The quantizers before it in net order: their layers, as they are quantized, and their ranges. */
  earlier: { layers: CanonicalPlan['layers']; clip: ClipRange }[];
}

/** How one data quantizer starts. */
export interface CalibratedQuantizer {
  name: string;
  /** The range that training starts from. */
  clip: ClipRange;
  /** Where it comes from: the config, or the search over the measured values. */
  origin: 'config' | 'ifmr';
  /** What the quantizer saw in calibration. */
  observed: Histogram;
}

/**
 * Finds the starting range of every data quantizer, in net order: each sees inputs whose upstream weights and
 * activations are already quantized, and sees all `batchNum` batches before the next one starts.
 * @throws DiagnosticsError where a layer's input is not finite, or allows no range.
 */
export async function calibrate(input: CalibrationInput): Promise<CalibratedQuantizer[]> {
  const { graph, plan, keep = (_key, find) => find() } = input;
  const earlier: CalibrationKey['earlier'] = [];
  const clips = new Map<string, ClipRange>();
  const results: CalibratedQuantizer[] = [];
  const quantizers = inNetOrder(graph, plan.quantizers);
  const pass = new CalibrationPass(
    input,
    quantizers.map((quantizer) => inputOf(graph, quantizer)),
  );
  for (const quantizer of quantizers) {
    const { name, clip: given, fixedMin } = quantizer;
    const own = { name, fixedMin, ...(given && { clip: given }) };
    const found = await keep({ batchNum: plan.batchNum, quantizer: own, earlier: [...earlier] }, async () => {
      const values = await pass.valuesOf(inputOf(graph, quantizer), clips);
      return { name, ...rangeOf(quantizer, values, graph), observed: histogramOf(values) };
    });
    clips.set(name, found.clip);
    earlier.push({ layers: plan.layers.filter((layer) => layer.quantizer === name), clip: found.clip });
    results.push(found);
  }
  return results;
}

function inNetOrder(graph: NetGraph, quantizers: readonly CanonicalQuantizer[]): CanonicalQuantizer[] {
  const position = new Map(graph.layers.map((layer) => [layer.name, layer.index]));
  return [...quantizers].sort((a, b) => position.get(a.name)! - position.get(b.name)!);
}

/** Id of the blob that a quantizer's first layer reads: in another phase than the plan's it may be another version. */
function inputOf(graph: NetGraph, { name, blob }: CanonicalQuantizer): string {
  return graph.layers.find((layer) => layer.name === name)?.bottoms[0]?.id ?? blob;
}

function rangeOf(
  quantizer: CanonicalQuantizer,
  values: Float32Array,
  graph: NetGraph,
): { clip: ClipRange; origin: 'config' | 'ifmr' } {
  const fixed = ({ max, min }: ClipRange): ClipRange => ({ max, min: quantizer.fixedMin ? 0 : min });
  try {
    if (quantizer.clip) return { clip: fixed(quantizer.clip), origin: 'config' };
    const { clipMax, clipMin } = searchRange(values);
    return { clip: fixed({ max: clipMax, min: clipMin }), origin: 'ifmr' };
  } catch (error) {
    if (!(error instanceof IfmrError)) throw error;
    const line = graph.layers.find(({ name }) => name === quantizer.name)?.line;
    throw new DiagnosticsError([
      {
        code: 'calibration',
        severity: 'error',
        message: `no clip range from the calibration data: ${error.message}`,
        file: graph.file,
        layer: quantizer.name,
        ...(line === undefined ? {} : { line }),
        hint: 'check the data and the weights, or skip the layer in quant.cfg',
      },
    ]);
  }
}
