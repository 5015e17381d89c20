import { createMessage, type FillerParameter, read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import type { Value } from '../../graph/graph-builder.ts';
import { FILLER } from '../../fillers/filler-fields.ts';
import { check, layerKernel } from '../layer.ts';

export interface PReluSettings {
  /** One slope for all channels. */
  readonly shared: boolean;
  readonly filler: FillerParameter;
}

/**
 * PReLU: y = max(x, 0) + slope * min(x, 0), a learned slope per channel (axis 1), or one for all with `channel_shared`;
 * the gradient at 0 is the slope. Starts at 0.25 without a filler. Source: Caffe's `prelu_layer.cpp`.
 */
export const prelu = layerKernel({
  type: 'PReLU',
  bottoms: 1,
  tops: 1,
  fields: { prelu_param: { ...read('channel_shared'), filler: FILLER } },
  settings: ({ prelu_param: { channel_shared: shared = false, filler } = {} }): PReluSettings => ({
    shared,
    filler: filler ?? createMessage('FillerParameter', { type: 'constant', value: 0.25 }),
  }),
  params({ shared, filler }, [x]) {
    check(x!.length >= 2, () => `expected a bottom [N, C, ..], got [${x!.join(', ')}]`);
    return [{ shape: shared ? [] : [x![1]!], filler }];
  },
  lower({ g, settings, bottoms, params }) {
    const [x] = bottoms as [Value];
    const [slopes] = params as [Value];
    const { shared } = settings;
    const slope = shared ? slopes : ops.reshape(g, slopes, [slopes.shape[0]!, ...x.shape.slice(2).map(() => 1)]);
    const zero = g.scalar(0);
    const below = ops.min(g, x, zero);
    return {
      tops: [ops.add(g, ops.relu(g, x), ops.mul(g, below, slope))],
      backward([dy], needs) {
        const dx = () => ops.where(g, ops.greater(g, x, zero), dy!, ops.mul(g, dy!, slope));
        const ofSlope = () => ops.mul(g, dy!, below);
        const axes = ops.allAxes(x).filter((axis) => shared || axis !== 1);
        return {
          bottoms: [needs.bottoms[0] ? dx() : undefined],
          params: [needs.params[0] ? ops.reduceSum(g, ofSlope(), axes) : undefined],
        };
      },
    };
  },
});
