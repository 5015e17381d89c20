import { atLeast, read, type LayerParameter } from '@caffe-quant/caffe-io';
import { fill } from '../../fillers/fill.ts';
import { randomOf } from '../../fillers/random.ts';
import * as ops from '../../graph/ops.ts';
import type { Shape } from '../../graph/graph-builder.ts';
import { FILLER } from '../../fillers/filler-fields.ts';
import { check, type LayerKernel } from '../layer.ts';

/**
 * DummyData: tops filled by `data_filler`; one filler or shape for all tops, or one each. All fillers but the constant one
 * fill anew at each forward pass; their numbers are ours, their distributions are Caffe's. Source: Caffe's
 * `dummy_data_layer.cpp`.
 */
export const dummyData: LayerKernel = {
  type: 'DummyData',
  bottoms: 0,
  tops: atLeast(1),
  fields: { dummy_data_param: { ...read('shape', 'num', 'channels', 'height', 'width'), data_filler: FILLER } },
  lower({ g, layer, random }) {
    const fillers = layer.dummy_data_param?.data_filler ?? [];
    check(
      fillers.length <= 1 || fillers.length === layer.top.length,
      () => `expected one data_filler, or one for each of the ${layer.top.length} tops, got ${fillers.length}`,
    );
    const shapes = topShapes(layer);
    const tops = layer.top.map((top, i) => {
      const filler = fillers[i] ?? fillers[0];
      const shape = shapes[i]!;
      if ((filler?.type ?? 'constant') === 'constant') return ops.expand(g, g.scalar(filler?.value ?? 0), shape);
      check(random !== undefined, () => `top '${top}' needs random numbers`);
      // Settings that the filler refuses are found here, where the layer is known.
      fill(filler, [1, ...shape.slice(1)], randomOf(''));
      return random(shape, filler!);
    });
    return { tops };
  },
};

/** Of all tops, by `shape` or by the older fields num, channels, height and width; each has one value or one a top. */
function topShapes(layer: LayerParameter): Shape[] {
  const { num = [], channels = [], height = [], width = [], shape = [] } = layer.dummy_data_param ?? {};
  const legacy = { num, channels, height, width };
  const isLegacy = Object.values(legacy).some((values) => values.length > 0);
  check(!isLegacy || shape.length === 0, () => 'give either shape or num, channels, height and width, not both');
  for (const [name, values] of Object.entries<readonly unknown[]>(isLegacy ? legacy : { shape })) {
    check(
      values.length === 1 || values.length === layer.top.length,
      () => `expected one ${name}, or one for each of the ${layer.top.length} tops, got ${values.length}`,
    );
  }
  const ofTop = <T>(values: readonly T[], i: number): T => values[values.length === 1 ? 0 : i]!;
  return layer.top.map((_, i) => {
    const dims = isLegacy ? Object.values(legacy).map((values) => ofTop(values, i)) : ofTop(shape, i).dim;
    check(
      dims.every((dim) => dim > 0),
      () => `a shape [${dims.join(', ')}] has no elements`,
    );
    return dims;
  });
}
