import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import type { Value } from '../../graph/graph-builder.ts';
import { classPositions } from './class-positions.ts';
import { lossNormalizer, LOSS_FIELDS } from './loss-normalization.ts';
import { ENGINE } from '../common-fields.ts';
import { canonicalAxis, type LayerKernel } from '../layer.ts';

/** The smallest normal float32: Caffe bounds probabilities by it before the logarithm. */
const FLT_MIN = 1.1754943508222875e-38;

/**
 * SoftmaxWithLoss: - sum of log(softmax(x)[label]) / normalizer over all positions whose label is not `ignore_label`.
 * x [.., C, ..] with the classes on `softmax_param.axis`, labels of x's shape without that axis, as floats.
 * Source: Caffe's `softmax_loss_layer.cpp`.
 */
export const softmaxWithLoss: LayerKernel = {
  type: 'SoftmaxWithLoss',
  loss: true,
  scoreLayer: 'Softmax',
  bottoms: 2,
  tops: [1, 2],
  fields: { softmax_param: { ...read('axis'), engine: ENGINE }, loss_param: LOSS_FIELDS },
  lower({ g, layer, bottoms }) {
    const [x, labels] = bottoms as [Value, Value];
    const axis = canonicalAxis(layer.softmax_param?.axis ?? 1, x.shape.length);
    const { outer, classes, inner, target, counted } = classPositions(g, x, labels, axis, layer.loss_param);
    const probabilities = ops.softmax(g, x, axis);
    const grouped = ops.reshape(g, probabilities, [outer, classes, inner]);
    const ofLabel = ops.reduceSum(g, ops.mul(g, grouped, target), [1], true);
    const logs = ops.log(g, ops.max(g, ofLabel, g.scalar(FLT_MIN)));
    const normalizer = lossNormalizer(g, layer.loss_param, { outer, inner, counted });
    const sum = ops.total(g, counted ? ops.mul(g, logs, counted) : logs);
    const loss = ops.neg(g, ops.div(g, sum, normalizer));
    return {
      tops: [loss, probabilities],
      backward([weight]) {
        const difference = ops.sub(g, grouped, target);
        const kept = counted ? ops.mul(g, difference, counted) : difference;
        return { bottoms: [ops.reshape(g, ops.mul(g, kept, ops.div(g, weight!, normalizer)), x.shape), undefined] };
      },
    };
  },
};
