import { atLeast, type FillerParameter, type LayerFields, read } from '@caffe-quant/caffe-io';
import { fillerOver } from '../../fillers/fill.ts';
import * as ops from '../../graph/ops.ts';
import type { Shape } from '../../graph/graph-builder.ts';
import { FILLER } from '../../fillers/filler-fields.ts';
import { check, layerKernel } from '../layer.ts';

const DUMMY_FIELDS = {
  dummy_data_param: { ...read('shape', 'num', 'channels', 'height', 'width'), data_filler: FILLER },
} as const;

/**
 * DummyData: tops filled by `data_filler`; one filler or shape for all tops, or one each. All fillers but the constant one
 * fill anew at each forward pass; their numbers are ours, their distributions are Caffe's. Source: Caffe's
 * `dummy_data_layer.cpp`.
 */
export const dummyData = layerKernel({
  type: 'DummyData',
  bottoms: 0,
  tops: atLeast(1),
  fields: DUMMY_FIELDS,
  settings(layer): DummyDataSettings {
    const { top = [] } = layer;
    const fillers = layer.dummy_data_param?.data_filler ?? [];
    check(
      fillers.length <= 1 || fillers.length === top.length,
      () => `expected one data_filler, or one for each of the ${top.length} tops, got ${fillers.length}`,
    );
    const shapes = topShapes(layer);
    const tops = top.map((name, i) => {
      const [shape, filler] = [shapes[i]!, fillers[i] ?? fillers[0]];
      if ((filler?.type ?? 'constant') === 'constant') return { name, shape, value: filler?.value ?? 0 };
      // Settings that the filler refuses are found here, where the layer is known.
      fillerOver(filler, shape);
      return { name, shape, filler: filler! };
    });
    return { tops };
  },
  lower: ({ g, settings, random }) => ({
    tops: settings.tops.map((top) => {
      if ('value' in top) return ops.expand(g, g.scalar(top.value), top.shape);
      check(random !== undefined, () => `top '${top.name}' needs random numbers`);
      return random(top.shape, top.filler);
    }),
  }),
});

/** What a `dummy_data_param` says: of each top its shape, and the one value of all its elements or what draws them. */
export interface DummyDataSettings {
  readonly tops: readonly ({ readonly name: string; readonly shape: Shape } & (
    { readonly value: number } | { readonly filler: FillerParameter }
  ))[];
}

/** Of all tops, by `shape` or by the older fields num, channels, height and width; each has one value or one a top. */
function topShapes({ dummy_data_param: param, top = [] }: LayerFields<typeof DUMMY_FIELDS>): Shape[] {
  const { num = [], channels = [], height = [], width = [], shape = [] } = param ?? {};
  const legacy = { num, channels, height, width };
  const isLegacy = Object.values(legacy).some((values) => values.length > 0);
  check(!isLegacy || shape.length === 0, () => 'give either shape or num, channels, height and width, not both');
  for (const [name, values] of Object.entries<readonly unknown[]>(isLegacy ? legacy : { shape })) {
    check(
      values.length === 1 || values.length === top.length,
      () => `expected one ${name}, or one for each of the ${top.length} tops, got ${values.length}`,
    );
  }
  const ofTop = <T>(values: readonly T[], i: number): T => values[values.length === 1 ? 0 : i]!;
  return top.map((_, i) => {
    const dims = isLegacy ? Object.values(legacy).map((values) => ofTop(values, i)) : (ofTop(shape, i).dim ?? []);
    check(
      dims.every((dim) => dim > 0),
      () => `a shape [${dims.join(', ')}] has no elements`,
    );
    return dims;
  });
}
