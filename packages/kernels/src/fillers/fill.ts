import type { FillerParameter } from '@caffe-quant/caffe-io';
import { elementCount, type Shape } from '../graph/graph-builder.ts';
import { check } from '../layers/layer.ts';
import type { Random } from './random.ts';

const { fround, sqrt } = Math;

/**
 * The elements of a blob of `shape` before training, by Caffe's fillers.
 * The distributions are Caffe's, the numbers are those of `random`. Source: Caffe's `filler.hpp`.
 * @throws LayerError for another filler, or settings that Caffe refuses.
 */
export const fill = (filler: FillerParameter | undefined, shape: Shape, random: Random): Float32Array =>
  fillerOver(filler, shape)(new Float32Array(elementCount(shape)), random);

/**
 * What fills a blob of `shape`, which has zeros.
 * @throws LayerError likewise, before there is any such blob.
 */
export function fillerOver(
  filler: FillerParameter | undefined,
  shape: Shape,
): (values: Float32Array, random: Random) => Float32Array {
  const drawing = (next: (random: Random) => number) => (values: Float32Array, random: Random) => {
    for (let i = 0; i < values.length; i++) values[i] = next(random);
    return values;
  };
  switch (filler?.type ?? 'constant') {
    case 'constant':
      return (values) => values.fill(filler?.value ?? 0);
    case 'uniform': {
      const { min = 0, max = 1 } = filler!;
      check(min <= max, () => `uniform filler: min ${min} is above max ${max}`);
      return drawing((random) => min + (max - min) * random.uniform());
    }
    case 'gaussian': {
      const { mean = 0, std = 1, sparse = -1 } = filler!;
      check(sparse < 0, () => 'gaussian filler: sparse is not supported');
      return drawing((random) => mean + std * random.gaussian());
    }
    case 'xavier': {
      const scale = sqrt(3 / fan(filler!, shape));
      return drawing((random) => fround(-scale + 2 * scale * random.uniform()));
    }
    case 'msra': {
      const std = sqrt(2 / fan(filler!, shape));
      return drawing((random) => std * random.gaussian());
    }
    case 'positive_unitball': {
      const draw = drawing((random) => random.uniform());
      return (values, random) => unitRows(draw(values, random), shape[0]!);
    }
    case 'bilinear':
      return bilinear(shape);
    default:
      check(false, () => `filler '${filler!.type}' is not supported; ${FILLERS.join(', ')} are`);
  }
}

const FILLERS = ['constant', 'uniform', 'gaussian', 'xavier', 'msra', 'positive_unitball', 'bilinear'];

/** Each of the `rows` divided by its sum. */
function unitRows(values: Float32Array, rows: number): Float32Array {
  const length = values.length / rows;
  for (let row = 0; row < rows; row++) {
    const part = values.subarray(row * length, (row + 1) * length);
    const sum = part.reduce((total, value) => total + value, 0);
    part.forEach((value, i) => (part[i] = value / sum));
  }
  return values;
}

/**
 * A kernel that resizes a plane as bilinear interpolation does: for Deconvolution. Its center is Caffe 1.0's; older ones
 * had the kernels of 2, 3, 6, 7, .. off their middle.
 */
function bilinear(shape: Shape): (values: Float32Array) => Float32Array {
  const [height, width] = shape.slice(2);
  check(shape.length === 4 && height === width, () => `bilinear filler: [${shape.join(', ')}] has no square kernels`);
  const factor = Math.ceil(width! / 2);
  const center = fround((width! - 1) / (2 * factor));
  const share = (place: number) => fround(1 - Math.abs(fround(fround(place / factor) - center)));
  return (values) => values.map((_, i) => share(i % width!) * share(Math.floor(i / width!) % height!));
}

/** Connections per unit: elements per output (FAN_IN), per input (FAN_OUT), or their average. */
function fan({ variance_norm = 'FAN_IN' }: FillerParameter, shape: Shape): number {
  const count = elementCount(shape);
  const fanIn = count / shape[0]!;
  const fanOut = shape.length > 1 ? count / shape[1]! : count;
  return variance_norm === 'FAN_IN' ? fanIn : variance_norm === 'FAN_OUT' ? fanOut : (fanIn + fanOut) / 2;
}
