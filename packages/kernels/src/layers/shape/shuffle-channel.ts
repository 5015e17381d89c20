import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementCount, type Value } from '../../graph/graph-builder.ts';
import { check, layerKernel } from '../layer.ts';

/**
 * ShuffleChannel: the channels (axis 1) as a matrix [`group`, C / `group`], transposed; the other axes stay as they are.
 * Source: `shuffle_channel_layer.cpp` of farmingyard/ShuffleNet. It copies from its bottom to its top while it reads on, so
 * that in place it would lose channels; Caffe does not look for that.
 */
export const shuffleChannel = layerKernel({
  type: 'ShuffleChannel',
  showsNotFinite: true,
  keepsFinite: true,
  nonNegative: 'as its bottoms',
  bottoms: 1,
  tops: 1,
  notInPlace: true,
  fields: { shuffle_channel_param: { ...read('group') } },
  settings({ shuffle_channel_param: param }): ShuffleChannelSettings {
    const group = param?.group ?? 1;
    check(group > 0, () => `group ${group} must be positive`);
    return { group };
  },
  lower({ g, settings: { group }, bottoms }) {
    const x = bottoms[0]!;
    const [images, channels] = x.shape;
    check(channels !== undefined, () => `a blob [${x.shape.join(', ')}] has no channels`);
    check(channels % group === 0, () => `group ${group} does not divide ${channels} channels`);
    const [perGroup, pixels] = [channels / group, elementCount(x.shape.slice(2))];
    const transposed = (value: Value, rows: number, columns: number) => {
      const matrices = ops.reshape(g, value, [images!, rows, columns, pixels]);
      return ops.reshape(g, ops.transpose(g, matrices, [0, 2, 1, 3]), x.shape);
    };
    return {
      tops: [transposed(x, group, perGroup)],
      backward: ([dy]) => ({ bottoms: [transposed(dy!, perGroup, group)] }),
    };
  },
});

/** What a `shuffle_channel_param` says. */
export interface ShuffleChannelSettings {
  /** Of so many equal parts of the channels the top has one channel each in turn. */
  readonly group: number;
}
