import * as ops from '../../graph/ops.ts';
import { elementCount, type Value } from '../../graph/graph-builder.ts';
import { check, layerKernel } from '../layer.ts';
import { lossNormalizer, LOSS_FIELDS, lossSettings, type LossSettings } from './loss-normalization.ts';

/**
 * SigmoidCrossEntropyLoss: - sum of t log s + (1 - t) log(1 - s) with s = sigmoid(x), over all elements whose target t is
 * not `ignore_label`, divided by the batch size unless `normalization` says otherwise. Computed as
 * max(x, 0) - x t + log(1 + exp(-|x|)), which never overflows. Source: Caffe's `sigmoid_cross_entropy_loss_layer.cpp`.
 */
export const sigmoidCrossEntropyLoss = layerKernel({
  type: 'SigmoidCrossEntropyLoss',
  loss: true,
  scoreLayer: 'Sigmoid',
  bottoms: 2,
  tops: 1,
  fields: { loss_param: LOSS_FIELDS },
  // This loss alone divides by the batch size where the prototxt says nothing.
  settings: ({ loss_param: param }): LossSettings => lossSettings(param, 'BATCH_SIZE'),
  lower({ g, settings, bottoms }) {
    const [x, targets] = bottoms as [Value, Value];
    check(
      x.shape[0] === targets.shape[0] && elementCount(x.shape) === elementCount(targets.shape),
      () => `expected targets of shape [${x.shape.join(', ')}], got [${targets.shape.join(', ')}]`,
    );
    const target = ops.reshape(g, targets, x.shape);
    const ignore = settings.ignoreLabel;
    const counted =
      ignore === undefined
        ? undefined
        : ops.indicator(g, ops.not(g, ops.equal(g, ops.cast(g, target, 'int64'), g.constant('int64', [], [ignore]))));
    const keep = (value: Value) => (counted ? ops.mul(g, value, counted) : value);
    const tail = ops.log(g, ops.add(g, ops.exp(g, ops.neg(g, ops.abs(g, x))), g.scalar(1)));
    const losses = ops.add(g, ops.sub(g, ops.relu(g, x), ops.mul(g, x, target)), tail);
    const normalizer = lossNormalizer(g, settings, {
      outer: x.shape[0]!,
      inner: elementCount(x.shape.slice(1)),
      counted,
    });
    return {
      tops: [ops.div(g, ops.total(g, keep(losses)), normalizer)],
      backward([weight]) {
        const difference = keep(ops.sub(g, ops.sigmoid(g, x), target));
        return { bottoms: [ops.mul(g, difference, ops.div(g, weight!, normalizer)), undefined] };
      },
    };
  },
});
