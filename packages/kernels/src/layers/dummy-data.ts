import type { LayerParameter } from '@caffe-quant/caffe-io';
import * as ops from '../graph/ops.ts';
import type { Shape } from '../graph/graph-builder.ts';
import { check, type LayerKernel } from './layer.ts';

/**
 * DummyData: tops filled by a constant `data_filler`; one filler or shape for all tops, or one each. Fillers that draw
 * new numbers at each pass are refused. Source: Caffe's `dummy_data_layer.cpp`.
 */
export const dummyData: LayerKernel = {
  type: 'DummyData',
  lower({ g, layer }) {
    const fillers = layer.dummy_data_param?.data_filler ?? [];
    const shapes = topShapes(layer);
    const tops = layer.top.map((top, i) => {
      const filler = fillers[i] ?? fillers[0];
      check(
        (filler?.type ?? 'constant') === 'constant',
        () => `top '${top}' is filled by '${filler!.type}', but only constant is supported`,
      );
      return ops.expand(g, g.scalar(filler?.value ?? 0), shapes[i]!);
    });
    return { tops };
  },
};

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
