import { atLeast, read, type LayerParameter } from '@caffe-quant/caffe-io';
import { fill } from '../fillers/fill.ts';
import { randomOf } from '../fillers/random.ts';
import * as ops from '../graph/ops.ts';
import type { Shape } from '../graph/graph-builder.ts';
import { FILLER } from '../fillers/filler-fields.ts';
import { check, type LayerKernel } from './layer.ts';

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

/** Of all tops; the older fields num, channels, height and width count as one shape. */
function topShapes(layer: LayerParameter): Shape[] {
  const param = layer.dummy_data_param;
  const legacy = (param?.num ?? []).map((num, i) => [
    num,
    ...[param?.channels, param?.height, param?.width].map((dims) => dims?.[i] ?? 1),
  ]);
  const shapes = param?.shape.length ? param.shape.map(({ dim }) => dim) : legacy;
  check(
    shapes.length === 1 || shapes.length === layer.top.length,
    () => `expected one shape, or one for each of the ${layer.top.length} tops, got ${shapes.length}`,
  );
  return layer.top.map((_, i) => shapes[i] ?? shapes[0]!);
}
