import type { NetWeights, Shape } from '@caffe-quant/kernels';
import type { CanonicalPlan, ClipRange } from '@caffe-quant/resolver';
import type { ExportInput } from '../export-models.ts';

/** Numbers in [-1, 1) that are the same in every run. */
export function noise(length: number, seed: number): Float32Array {
  const { imul } = Math;
  return Float32Array.from({ length }, (_, i) => {
    let h = imul(i + 1, 0x9e3779b9) + imul(seed, 0x85ebca6b);
    h = imul(h ^ (h >>> 16), 0xc2b2ae35);
    return ((h ^ (h >>> 13)) >>> 0) / 2 ** 31 - 1;
  });
}

export interface SmallLayer {
  name: string;
  type: 'Convolution' | 'Deconvolution' | 'DepthwiseConvolution' | 'ConvolutionDepthwise' | 'InnerProduct' | 'Pooling';
  channelWise?: boolean;
  /** Shapes of weights and bias. */
  blobs: number[][];
  clip: ClipRange;
  quantizer?: string;
}

/** An export of a net given as prototxt, with noise as weights; every layer given is quantized. */
export function smallExport(text: string, layers: readonly SmallLayer[], weightOf = noise): ExportInput {
  const file = 'small.prototxt';
  const names = [...new Set(layers.map(({ name, quantizer = name }) => quantizer))];
  const plan: CanonicalPlan = {
    batchNum: 1,
    layers: layers.map(({ name, type, channelWise, quantizer = name }) => ({
      name,
      type,
      quantizer,
      ...(channelWise === undefined ? {} : { channelWise }),
    })),
    quantizers: names.map((name) => ({
      name,
      blob: '',
      layers: layers.filter(({ name: own, quantizer = own }) => quantizer === name).map((layer) => layer.name),
      fixedMin: false,
      lrMult: 1,
      decayMult: 0,
    })),
  };
  const weights: NetWeights = new Map(
    layers.map(({ name, blobs }, i) => [
      name,
      blobs.map((shape, j) =>
        weightOf(
          shape.reduce((product, dim) => product * dim, 1),
          10 * i + j,
        ),
      ),
    ]),
  );
  const clips = new Map(layers.map(({ name, quantizer = name, clip }) => [quantizer, clip]));
  return { net: { text, file }, plan, weights, clips, inputShapes: new Map<string, Shape>(), prefix: 'small' };
}
