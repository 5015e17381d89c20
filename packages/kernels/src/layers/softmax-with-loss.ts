import * as ops from '../graph/ops.ts';
import { elementCount, type GraphBuilder, type Value } from '../graph/graph-builder.ts';
import { lossNormalizer } from './loss-normalization.ts';
import { canonicalAxis, check, type LayerKernel } from './layer.ts';

/** The smallest normal float32: Caffe bounds probabilities by it before the logarithm. */
const FLT_MIN = 1.1754943508222875e-38;

/**
 * SoftmaxWithLoss: - sum of log(softmax(x)[label]) / normalizer over all positions whose label is not `ignore_label`.
 * x [.., C, ..] with the classes on `softmax_param.axis`, labels of x's shape without that axis, as floats.
 * Source: Caffe's `softmax_loss_layer.cpp`.
 */
export const softmaxWithLoss: LayerKernel = {
  type: 'SoftmaxWithLoss',
  isLoss: true,
  lower({ g, layer, bottoms }) {
    const [x, labels] = bottoms as [Value, Value];
    const axis = canonicalAxis(layer.softmax_param?.axis ?? 1, x.shape.length);
    const outer = elementCount(x.shape.slice(0, axis));
    const classes = x.shape[axis]!;
    const inner = elementCount(x.shape.slice(axis + 1));
    check(
      elementCount(labels.shape) === outer * inner,
      () => `expected ${outer * inner} labels for [${x.shape.join(', ')}], got [${labels.shape.join(', ')}]`,
    );
    const probabilities = ops.softmax(g, x, axis);
    const label = ops.cast(g, ops.reshape(g, labels, [outer, 1, inner]), 'int64');
    const ignore = layer.loss_param?.ignore_label;
    const counted =
      ignore === undefined
        ? undefined
        : ops.cast(g, ops.not(g, ops.equal(g, label, g.constant('int64', [], [ignore]))), 'float');
    const target = oneHot(g, label, classes);
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

/** Labels [outer, 1, inner] to [outer, classes, inner] of zeros and ones; a label outside the classes gives zeros. */
function oneHot(g: GraphBuilder, label: Value, classes: number): Value {
  const index = g.constant(
    'int64',
    [1, classes, 1],
    Array.from({ length: classes }, (_, i) => i),
  );
  return ops.cast(g, ops.equal(g, label, index), 'float');
}
