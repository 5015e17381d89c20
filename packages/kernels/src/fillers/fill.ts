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
export function fill(filler: FillerParameter | undefined, shape: Shape, random: Random): Float32Array {
  const values = new Float32Array(elementCount(shape));
  const draw = (next: () => number) => {
    for (let i = 0; i < values.length; i++) values[i] = next();
    return values;
  };
  switch (filler?.type ?? 'constant') {
    case 'constant':
      return values.fill(filler?.value ?? 0);
    case 'uniform': {
      const { min = 0, max = 1 } = filler!;
      check(min <= max, () => `uniform filler: min ${min} is above max ${max}`);
      return draw(() => min + (max - min) * random.uniform());
    }
    case 'gaussian': {
      const { mean = 0, std = 1, sparse = -1 } = filler!;
      check(sparse < 0, () => 'gaussian filler: sparse is not supported');
      return draw(() => mean + std * random.gaussian());
    }
    case 'xavier': {
      const scale = sqrt(3 / fan(filler!, shape));
      return draw(() => fround(-scale + 2 * scale * random.uniform()));
    }
    case 'msra': {
      const std = sqrt(2 / fan(filler!, shape));
      return draw(() => std * random.gaussian());
    }
    case 'positive_unitball':
      return unitRows(draw(random.uniform), shape[0]!);
    case 'bilinear':
      return bilinear(values, shape);
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
function bilinear(values: Float32Array, shape: Shape): Float32Array {
  const [height, width] = shape.slice(2);
  check(shape.length === 4 && height === width, () => `bilinear filler: [${shape.join(', ')}] has no square kernels`);
  const factor = Math.ceil(width! / 2);
  const center = fround((width! - 1) / (2 * factor));
  const share = (place: number) => fround(1 - Math.abs(fround(fround(place / factor) - center)));
  return values.map((_, i) => share(i % width!) * share(Math.floor(i / width!) % height!));
}

/** Connections per unit: elements per output (FAN_IN), per input (FAN_OUT), or their average. */
function fan({ variance_norm = 'FAN_IN' }: FillerParameter, shape: Shape): number {
  const count = elementCount(shape);
  const fanIn = count / shape[0]!;
  const fanOut = shape.length > 1 ? count / shape[1]! : count;
  return variance_norm === 'FAN_IN' ? fanIn : variance_norm === 'FAN_OUT' ? fanOut : (fanIn + fanOut) / 2;
}
