import { atLeast } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { layerKernel } from '../layer.ts';

/** Split: every top is the bottom, whose gradient is the sum of theirs. Source: Caffe's `split_layer.cpp`. */
export const split = layerKernel({
  type: 'Split',
  showsNotFinite: true,
  keepsFinite: true,
  nonNegative: 'as its bottoms',
  bottoms: 1,
  tops: atLeast(1),
  fields: {},
  lower({ g, topCount, bottoms }) {
    const x = bottoms[0]!;
    return {
      tops: Array.from({ length: topCount }, () => x),
      backward: (dys) => ({
        bottoms: [
          ops.sum(
            g,
            dys.filter((dy) => dy !== undefined),
          ),
        ],
      }),
    };
  },
});
