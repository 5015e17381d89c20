import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { canonicalAxis, check, layerKernel } from '../layer.ts';

/** Tile: the bottom repeated `tiles` times along `axis` (default 1). Source: Caffe's `tile_layer.cpp`. */
export const tile = layerKernel({
  type: 'Tile',
  showsNotFinite: true,
  keepsFinite: true,
  bottoms: 1,
  tops: 1,
  fields: { tile_param: { ...read('axis', 'tiles') } },
  settings({ tile_param: param }): TileSettings {
    const { tiles = 0, axis = 1 } = param ?? {};
    check(tiles > 0, () => 'tiles is missing or not positive');
    return { tiles, axis };
  },
  lower({ g, settings, bottoms }) {
    const x = bottoms[0]!;
    const { tiles } = settings;
    const axis = canonicalAxis(settings.axis, x.shape.length);
    const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis)];
    const shape = [...before, tiles * after[0]!, ...after.slice(1)];
    const copies = ops.expand(g, ops.reshape(g, x, [...before, 1, ...after]), [...before, tiles, ...after]);
    return {
      tops: [ops.reshape(g, copies, shape)],
      backward: ([dy]) => ({
        bottoms: [ops.reduceSum(g, ops.reshape(g, dy!, [...before, tiles, ...after]), [axis])],
      }),
    };
  },
});

/** What a `tile_param` says. */
export interface TileSettings {
  /** How often the bottom is repeated. */
  readonly tiles: number;
  /** Along which axis; negative: from the end. */
  readonly axis: number;
}
