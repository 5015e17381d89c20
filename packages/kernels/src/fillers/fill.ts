import type { FillerParameter } from '@caffe-quant/caffe-io';
import { elementCount, type Shape } from '../graph/graph-builder.ts';
import { check } from '../layers/layer.ts';
import type { Random } from './random.ts';

const { fround, sqrt } = Math;

/**
 * The elements of a blob of `shape` before training, by Caffe's fillers: constant, uniform, gaussian, xavier, msra.
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
    default:
      check(false, () => `filler '${filler!.type}' is not supported; constant, uniform, gaussian, xavier and msra are`);
  }
}

/** Connections per unit: elements per output (FAN_IN), per input (FAN_OUT), or their average. */
function fan({ variance_norm = 'FAN_IN' }: FillerParameter, shape: Shape): number {
  const count = elementCount(shape);
  const fanIn = count / shape[0]!;
  const fanOut = shape.length > 1 ? count / shape[1]! : count;
  return variance_norm === 'FAN_IN' ? fanIn : variance_norm === 'FAN_OUT' ? fanOut : (fanIn + fanOut) / 2;
}
