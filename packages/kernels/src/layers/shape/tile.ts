import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { canonicalAxis, check, type LayerKernel } from '../layer.ts';

/** Tile: the bottom repeated `tiles` times along `axis` (default 1). Source: Caffe's `tile_layer.cpp`. */
export const tile: LayerKernel = {
  type: 'Tile',
  showsNotFinite: true,
  keepsFinite: true,
  bottoms: 1,
  tops: 1,
  fields: { tile_param: { ...read('axis', 'tiles') } },
  lower({ g, layer, bottoms }) {
    const x = bottoms[0]!;
    const tiles = layer.tile_param?.tiles ?? 0;
    check(tiles > 0, () => 'tiles is missing or not positive');
    const axis = canonicalAxis(layer.tile_param?.axis ?? 1, x.shape.length);
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
};
