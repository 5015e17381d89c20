import { consumersOf, settingsOf, sharedParametersOf, type GraphLayer, type NetGraph } from '@caffe-quant/caffe-io';
import { innerProduct } from '../layers/inner-product/inner-product.ts';
import { batchNorm, onGlobalStatistics } from '../layers/normalization/batch-norm.ts';
import { convolutionOfType } from '../layers/registry.ts';
import type { NetWeights } from '../net/net-params.ts';
import type { RunOutput } from '../net/net-runner.ts';
import type { ClipRange } from '../quantizers/canonical-plan.ts';
import { CalibrationPass, type CalibrationData } from './calibration-pass.ts';
import type { LeftOut } from './channel-pairs.ts';

export interface BiasCorrectionInput extends CalibrationData {
  /** Those of the float net that means are taken of, where `weights` say something else, such as weights rounded as was learned. */
  floatWeights?: NetWeights | undefined;
  /** Of every quantizer. */
  clips: ReadonlyMap<string, ClipRange>;
}

/** What the correction did to one layer. */
export interface CorrectedLayer {
  layer: string;
  /** The layer whose blob took the correction: itself, or the BatchNorm behind it. */
  corrected: string;
  /** The largest shift of an output channel's mean that was taken out. */
  largestShift: number;
  /** Signal-to-noise ratio of the layer's output to the float net's in dB, without and with it. */
  before: number;
  after: number;
}

export interface BiasCorrection {
  /** The blobs of the layers that were corrected. */
  weights: NetWeights;
  layers: readonly CorrectedLayer[];
  leftOut: readonly LeftOut[];
}

/**
 * Bias correction on data: quantization moves the mean of an output channel, and that is taken out of its bias,
 *
 *   b(c) -> b(c) - (E[y~(c)] - E[y(c)])
 *
 * where y is the layer's output in the float net, y~ that in the quantized one whose layers before it are corrected already, and
 * E the mean over all positions of the calibration batches. A layer without a bias has it taken by the mean of the BatchNorm
 * behind it.
 *
 * Source: Nagel et al., "Data-Free Quantization Through Weight Equalization and Bias Correction", 2019, section 4.2 and
 * appendix D, empirical bias correction.
 *
 * @throws DiagnosticsError where a blob is not finite
 */
export async function correctBiases(input: BiasCorrectionInput): Promise<BiasCorrection> {
  const { graph, weights, floatWeights = weights, plan, clips } = input;
  const targets: Target[] = [];
  const leftOut: LeftOut[] = [];
  for (const { name } of plan.layers) {
    const layer = graph.layers.find((each) => each.name === name);
    if (!layer || !hasOutputChannels(layer)) continue;
    const found = targetOf(graph, layer);
    if (typeof found === 'string') leftOut.push({ layer: name, reason: found });
    else targets.push(found);
  }
  const halts = targets.map(({ layer }) => layer.tops[0]!.id);
  const float = new CalibrationPass(
    { ...input, weights: floatWeights, plan: { ...plan, layers: [], quantizers: [] } },
    halts,
  );
  const quantized = new CalibrationPass(input, halts);
  const corrected = new Map<string, Float32Array[]>();
  const layers: CorrectedLayer[] = [];
  for (const target of targets) {
    const blob = target.layer.tops[0]!.id;
    const expected = await float.outputsOf(blob, new Map());
    const actual = await quantized.outputsOf(blob, clips);
    const { shifts, ...effect } = meanShifts(expected, actual);
    // The layers behind it go on from what the corrected layer gives.
    for (const output of actual) subtractFromChannels(output, shifts);
    corrected.set(target.corrected, target.correct(weights.get(target.corrected)!, shifts));
    layers.push({ layer: target.layer.name, corrected: target.corrected, ...effect });
  }
  return { weights: corrected, layers, leftOut };
}

interface Target {
  readonly layer: GraphLayer;
  /** Name of the layer that takes the correction. */
  readonly corrected: string;
  /** Its blobs with the shifts of the channels taken out. */
  correct(blobs: readonly Float32Array[], shifts: Float64Array): Float32Array[];
}

const hasOutputChannels = ({ type }: GraphLayer): boolean =>
  type === innerProduct.type || convolutionOfType(type) !== undefined;

/** What takes the correction of a layer, or why nothing can. */
function targetOf(graph: NetGraph, layer: GraphLayer): Target | string {
  const sharing = new Set(sharedParametersOf(graph).flatMap(({ uses }) => uses.map((use) => use.layer.name)));
  if (layer.tops.length !== 1) return 'it has several inputs';
  if (sharing.has(layer.name)) return 'it shares its parameters with another layer';
  const settings =
    layer.type === innerProduct.type
      ? settingsOf(innerProduct, layer.param)
      : settingsOf(convolutionOfType(layer.type)!, layer.param);
  if (settings.axis !== 1) return `its channels are not on axis 1 but on ${settings.axis}`;
  const readers = consumersOf(graph, layer.tops[0]!);
  const normalizing = readers.find(
    ({ type, param }) =>
      type === batchNorm.type && !onGlobalStatistics(settingsOf(batchNorm, param), param.phase ?? graph.phase),
  );
  if (normalizing) {
    return `BatchNorm "${normalizing.name}" behind it takes the mean of each batch out while it trains; batchNorm: freeze keeps the stored one`;
  }
  if (settings.bias) {
    const correct: Target['correct'] = ([weights, bias], shifts) => [weights!, minus(bias!, shifts)];
    return { layer, corrected: layer.name, correct };
  }
  const [reader, ...others] = readers;
  if (reader?.type !== batchNorm.type || others.length > 0)
    return 'it has no bias, and no BatchNorm alone is behind it';
  if (sharing.has(reader.name)) return `it has no bias, and BatchNorm "${reader.name}" behind it shares its statistics`;
  const correct: Target['correct'] = ([mean, variance, factor], shifts) => [
    minus(
      mean!,
      shifts.map((shift) => -shift * factor![0]!),
    ),
    variance!,
    factor!,
  ];
  return { layer, corrected: reader.name, correct };
}

const minus = (values: Float32Array, shifts: Float64Array): Float32Array =>
  values.map((value, channel) => value - shifts[channel]!);

/** What outputs that are equal count as. */
const EQUAL_DB = 200;

/** By how much the mean of each channel is off, and the noise with that and without it. */
function meanShifts(
  expected: readonly RunOutput[],
  actual: readonly RunOutput[],
): Pick<CorrectedLayer, 'largestShift' | 'before' | 'after'> & { shifts: Float64Array } {
  const channels = expected[0]!.shape[1]!;
  const shifts = new Float64Array(channels);
  let [count, signal, noise] = [0, 0, 0];
  expected.forEach((output, batch) => {
    const other = actual[batch]!.data;
    const area = areaOf(output);
    output.data.forEach((value, i) => {
      const difference = other[i]! - value;
      shifts[Math.floor(i / area) % channels]! += difference;
      signal += value * value;
      noise += difference * difference;
    });
    count += output.data.length / channels;
  });
  let shifted = 0;
  let largestShift = 0;
  shifts.forEach((sum, channel) => {
    const shift = sum / count;
    shifts[channel] = shift;
    shifted += count * shift * shift;
    largestShift = Math.max(largestShift, Math.abs(shift));
  });
  const ratio = (of: number) => (of > 0 && signal > 0 ? Math.min(EQUAL_DB, 10 * Math.log10(signal / of)) : EQUAL_DB);
  return { shifts, largestShift, before: ratio(noise), after: ratio(noise - shifted) };
}

function subtractFromChannels(output: RunOutput, shifts: Float64Array): void {
  const { data } = output;
  const area = areaOf(output);
  for (let i = 0; i < data.length; i++) data[i]! -= shifts[Math.floor(i / area) % shifts.length]!;
}

/** Elements of one channel of one image. */
const areaOf = ({ shape, data }: RunOutput): number => data.length / (shape[0]! * shape[1]!);
