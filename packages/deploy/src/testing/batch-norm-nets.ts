import type { ExportInput } from '../export-models.ts';
import { noise, smallExport, type SmallLayer } from './small-nets.ts';

export const input =
  'layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 dim: 8 dim: 8 } } }';
export const CHANNELS = 5;

export const layer = (name: string, type: string, bottom: string, top: string, settings = ''): string =>
  `layer { name: "${name}" type: "${type}" bottom: "${bottom}" top: "${top}" ${settings} }`;
export const conv = (settings = '', type = 'Convolution'): string =>
  layer('conv', type, 'data', 'conv', `convolution_param { num_output: ${CHANNELS} kernel_size: 3 ${settings} }`);

/** A layer whose weights' largest is positive in every channel, so that none is -128. */
export const quantized = (
  channelWise: boolean,
  bias: boolean,
  type: SmallLayer['type'] = 'Convolution',
): SmallLayer => ({
  name: 'conv',
  type,
  channelWise,
  blobs: [type === 'Deconvolution' ? [3, CHANNELS, 3, 3] : [CHANNELS, 3, 3, 3], ...(bias ? [[CHANNELS]] : [])],
  clip: { max: 1, min: -0.8 },
});
export const weightOf = (length: number, seed: number): Float32Array =>
  noise(length, seed).map((value, i) => (i % 27 === 0 && length > CHANNELS ? 1.1 : value));

export const GAMMA = [0.5, -1.5, 2, -0.25, 1];
export const STATISTICS = [
  noise(CHANNELS, 70).map((mean) => 4 * mean),
  noise(CHANNELS, 71).map((variance) => 3 + 2 * variance),
  Float32Array.of(2.5),
];

/** The export of a net in which "conv" is quantized, and "bn", "scale" and "shift" have numbers. */
export function foldExport(
  body: string,
  first: SmallLayer,
  {
    gamma = GAMMA,
    statistics = STATISTICS,
    weights = weightOf,
    shift = [...noise(CHANNELS, 73)],
    behind = [],
  }: FoldNumbers = {},
): ExportInput {
  const base = smallExport(`${input}\n${body}`, [first, ...behind], weights);
  const own = new Map(base.weights);
  own.set('bn', statistics);
  own.set('scale', [Float32Array.from(gamma), noise(CHANNELS, 72)]);
  own.set('shift', [Float32Array.from(shift)]);
  own.set('scores', [noise(4 * CHANNELS, 74), noise(4, 75)]);
  return { ...base, weights: own };
}

export interface FoldNumbers {
  gamma?: number[];
  statistics?: Float32Array[];
  weights?: typeof noise;
  shift?: number[];
  /** Further quantized layers. */
  behind?: SmallLayer[];
}

export const SCALE = 'scale_param { bias_term: true }';
