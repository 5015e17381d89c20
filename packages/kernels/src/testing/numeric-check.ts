import type { LayerParameter } from '@caffe-quant/caffe-io';
import { elementCount, type Shape } from '../graph/graph-builder.ts';
import type { Phase } from '../layers/layer.ts';
import { LAYER_KERNELS } from '../layers/registry.ts';
import { runLayer } from '../layers/run-layer.ts';
import { parseLayer } from './parse-layer.ts';

/** A blob that goes into a layer, with float32 values. */
export interface NumericBlob {
  shape: Shape;
  data: Float32Array;
  /** Whether the layer has a gradient for it. */
  learns: boolean;
}

/** A layer, or a way to use one, that no golden covers, beside its forward pass by the book. */
export interface NumericCase {
  name: string;
  /** Its layer in a prototxt. */
  layer: string;
  phase?: Phase;
  bottoms?: NumericBlob[];
  params?: NumericBlob[];
  /** What `random` gives, one array a call, in [0, 1) where the layer asks for uniform numbers. */
  randoms?: Float32Array[];
  /** What a reader of nets adds to the layer. */
  prepare?: (layer: LayerParameter) => LayerParameter;
  topShapes: Shape[];
  /** Tops without a gradient: their number. */
  fixedTops?: readonly number[];
  /** The tops in float64, written as scalar loops, of the bottoms followed by the parameters. */
  forward(inputs: readonly Float64Array[]): readonly ArrayLike<number>[];
  /** What Caffe's backward pass has in place of the gradient by input `index`, where it isn't that of its forward pass. */
  backward?: (gradient: Float64Array, index: number) => Float64Array;
}

/** Numbers in [low, high) that are the same in every run. */
export function seededNumbers(shape: Shape, seed: number, low = -1, high = 1): Float32Array {
  const { imul } = Math;
  return Float32Array.from({ length: elementCount(shape) }, (_, i) => {
    let h = imul(i + 1, 0x9e3779b9) + imul(seed, 0x85ebca6b);
    h = imul(h ^ (h >>> 16), 0xc2b2ae35);
    h = imul(h ^ (h >>> 13), 0x27d4eb2f);
    return low + ((high - low) * ((h ^ (h >>> 15)) >>> 0)) / 2 ** 32;
  });
}

/** A blob of such numbers that the layer has a gradient for. */
export const learned = (shape: Shape, seed: number, low = -1, high = 1): NumericBlob => ({
  shape,
  data: seededNumbers(shape, seed, low, high),
  learns: true,
});

/** A blob without a gradient: labels, weights of a loss. */
export const fixed = (shape: Shape, data: ArrayLike<number>): NumericBlob => ({
  shape,
  data: Float32Array.from(data),
  learns: false,
});

/**
 * The gradient of sum over the tops of dy * y by one input, element by element, as (f(x + h) - f(x - h)) / 2h in float64.
 */
export function centralDifferences(
  forward: NumericCase['forward'],
  inputs: readonly Float64Array[],
  index: number,
  weights: readonly ArrayLike<number>[],
  step = 1e-6,
): Float64Array {
  const objective = (values: Float64Array): number => {
    const tops = forward(inputs.map((input, i) => (i === index ? values : input)));
    return weights.reduce((total, dy, top) => {
      let sum = 0;
      for (let i = 0; i < dy.length; i++) sum += dy[i]! * tops[top]![i]!;
      return total + sum;
    }, 0);
  };
  return inputs[index]!.map((value, i, all) => {
    const at = (moved: number) => objective(all.with(i, moved));
    return (at(value + step) - at(value - step)) / (2 * step);
  });
}

const topGradients = ({ topShapes, fixedTops }: NumericCase): (Float32Array | undefined)[] =>
  topShapes.map((shape, i) => (fixedTops?.includes(i) ? undefined : seededNumbers(shape, 1000 + i)));

/** Tops and gradients of a case in float64: `top i` and, by the number of the bottom or parameter, `gradient i`. */
export function reference(checked: NumericCase): Map<string, ArrayLike<number>> {
  const blobs = [...(checked.bottoms ?? []), ...(checked.params ?? [])];
  const inputs = blobs.map(({ data }) => Float64Array.from(data));
  const weights = topGradients(checked).map((dy, i) => dy ?? new Float32Array(elementCount(checked.topShapes[i]!)));
  const results = new Map<string, ArrayLike<number>>();
  checked.forward(inputs).forEach((top, i) => results.set(`top ${i}`, top));
  blobs.forEach(({ learns }, i) => {
    if (!learns) return;
    const gradient = centralDifferences(checked.forward, inputs, i, weights);
    results.set(`gradient ${i}`, checked.backward?.(gradient, i) ?? gradient);
  });
  return results;
}

/** The same by the layer's graph. */
export async function runNumericCase(
  checked: NumericCase,
  threads: number,
): Promise<Record<string, Float32Array | undefined>> {
  const { layer: text, phase = 'TRAIN', bottoms = [], params = [], randoms, topShapes } = checked;
  const layer = (checked.prepare ?? ((parsed) => parsed))(parseLayer(text));
  const inputs = (blobs: readonly NumericBlob[]) =>
    blobs.map(({ shape, data, learns }) => ({ shape, data, wantsGradient: learns }));
  const out = await runLayer(LAYER_KERNELS.get(layer.type!)!, layer, {
    ...{ phase, threads, topShapes },
    bottoms: inputs(bottoms),
    params: inputs(params),
    topGradients: topGradients(checked),
    ...(randoms && { random: (call: number) => randoms[call]! }),
  });
  expect(out.topShapes).toEqual(topShapes);
  expect(out.paramShapes).toEqual(params.map(({ shape }) => shape));
  const gradients = [...out.bottomGradients, ...out.paramGradients];
  const results: Record<string, Float32Array | undefined> = {};
  out.tops.forEach((top, i) => (results[`top ${i}`] = top));
  [...bottoms, ...params].forEach(({ learns }, i) => {
    if (learns) results[`gradient ${i}`] = gradients[i];
  });
  return results;
}
