import { createMessage, read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import type { Value } from '../../graph/graph-builder.ts';
import { FILLER } from '../../fillers/filler-fields.ts';
import { check, type LayerKernel } from '../layer.ts';

/**
 * PReLU: y = max(x, 0) + slope * min(x, 0), a learned slope per channel (axis 1), or one for all with `channel_shared`;
 * the gradient at 0 is the slope. Starts at 0.25 without a filler. Source: Caffe's `prelu_layer.cpp`.
 */
export const prelu: LayerKernel = {
  type: 'PReLU',
  bottoms: 1,
  tops: 1,
  fields: { prelu_param: { ...read('channel_shared'), filler: FILLER } },
  params(layer, [x]) {
    check(x!.length >= 2, () => `expected a bottom [N, C, ..], got [${x!.join(', ')}]`);
    const param = layer.prelu_param;
    const filler = param?.filler ?? createMessage('FillerParameter', { type: 'constant', value: 0.25 });
    return [{ shape: param?.channel_shared ? [] : [x![1]!], filler }];
  },
  lower({ g, bottoms, params }) {
    const [x] = bottoms as [Value];
    const [slopes] = params as [Value];
    const shared = slopes.shape.length === 0;
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
};
