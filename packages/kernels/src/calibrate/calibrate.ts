import type { NetGraph } from '@caffe-quant/caffe-io';
import type { CanonicalPlan, CanonicalQuantizer, ClipRange } from '../quantizers/canonical-plan.ts';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { CalibrationPass, type CalibrationData } from './calibration-pass.ts';
import { histogramOf, type Histogram } from './histogram.ts';
import { inputSqnr } from './input-noise.ts';
import { observed, RangeSearchError, type ObservedValues } from './observed-values.ts';
import { searchedRange, type RangeMethod } from './range-method.ts';

export interface CalibrationInput extends CalibrationData {
  /** How a range is found where the plan gives none. Default: IFMR. */
  method?: RangeMethod | undefined;
  /** Finds a quantizer's start, or has it from before with an equal key. Default: it is found. */
  keep?: (key: CalibrationKey, find: () => Promise<CalibratedQuantizer>) => Promise<CalibratedQuantizer>;
}

/** What decides a quantizer's start, besides the net, its weights, its data and the method. */
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
  /** Where it comes from: the config, or a search over the measured values. */
  origin: 'config' | RangeMethod['name'];
  /** Signal-to-noise ratio of what it saw, in dB, where it is quantized with `clip`. */
  sqnr: number;
  /** The same with IFMR's range, where another method found `clip`. */
  ifmrSqnr?: number;
  /** What the quantizer saw in calibration. */
  observed: Histogram;
}

/**
 * Finds the starting range of every data quantizer, in net order: each sees inputs whose upstream weights and
 * activations are already quantized, and sees all `batchNum` batches before the next one starts.
 * @throws DiagnosticsError where a layer's input is not finite, or allows no range.
 */
export async function calibrate(input: CalibrationInput): Promise<CalibratedQuantizer[]> {
  const { graph, plan, method = { name: 'ifmr' }, keep = (_key, find) => find() } = input;
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
      const range = await rangeOf(quantizer, observed(values), method, graph);
      return { name, ...range, observed: histogramOf(values) };
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

type FoundRange = Pick<CalibratedQuantizer, 'clip' | 'origin' | 'sqnr' | 'ifmrSqnr'>;

async function rangeOf(
  { name, clip: given, fixedMin }: CanonicalQuantizer,
  values: ObservedValues,
  method: RangeMethod,
  graph: NetGraph,
): Promise<FoundRange> {
  try {
    if (given) {
      const clip = { max: given.max, min: fixedMin ? 0 : given.min };
      return { clip, origin: 'config', sqnr: await inputSqnr(values, clip) };
    }
    const clip = await searchedRange(values, method, fixedMin);
    const found: FoundRange = { clip, origin: method.name, sqnr: await inputSqnr(values, clip) };
    if (method.name === 'ifmr') return found;
    return { ...found, ifmrSqnr: await inputSqnr(values, await searchedRange(values, { name: 'ifmr' }, fixedMin)) };
  } catch (error) {
    if (!(error instanceof RangeSearchError)) throw error;
    const line = graph.layers.find((layer) => layer.name === name)?.line;
    throw new DiagnosticsError([
      {
        code: 'calibration',
        severity: 'error',
        message: `no clip range from the calibration data: ${error.message}`,
        file: graph.file,
        layer: name,
        ...(line === undefined ? {} : { line }),
        hint: 'check the data and the weights, or skip the layer in quant.cfg',
      },
    ]);
  }
}
