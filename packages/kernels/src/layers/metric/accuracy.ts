import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementCount, type Value } from '../../graph/graph-builder.ts';
import { checkedLabel } from '../loss/class-positions.ts';
import { canonicalAxis, check, type LayerKernel } from '../layer.ts';

/**
 * Accuracy: the share of positions whose label is among the `top_k` highest scores. A score that equals the label's
 * counts as higher. Positions with `ignore_label` are left out. The second top is the accuracy per class.
 * Source: Caffe's `accuracy_layer.cpp`.
 */
export const accuracy: LayerKernel = {
  type: 'Accuracy',
  keepsFinite: true,
  measures: 'share',
  bottoms: 2,
  tops: [1, 2],
  fields: { accuracy_param: { ...read('axis', 'top_k', 'ignore_label') } },
  lower({ g, layer, bottoms }) {
    const [x, labels] = bottoms as [Value, Value];
    const param = layer.accuracy_param;
    const axis = canonicalAxis(param?.axis ?? 1, x.shape.length);
    const outer = elementCount(x.shape.slice(0, axis));
    const classes = x.shape[axis]!;
    const inner = elementCount(x.shape.slice(axis + 1));
    const topK = param?.top_k ?? 1;
    check(topK <= classes, () => `top_k ${topK} is more than the ${classes} classes`);
    check(
      elementCount(labels.shape) === outer * inner,
      () => `expected ${outer * inner} labels for [${x.shape.join(', ')}], got [${labels.shape.join(', ')}]`,
    );
    const scores = ops.reshape(g, x, [outer, classes, inner]);
    const given = ops.cast(g, ops.reshape(g, labels, [outer, 1, inner]), 'int64');
    const label = checkedLabel(g, given, classes, param?.ignore_label);
    const index = g.constant(
      'int64',
      [1, classes, 1],
      Array.from({ length: classes }, (_, i) => i),
    );
    const isLabel = ops.equal(g, label, index);
    const ofLabel = ops.reduceMax(g, ops.where(g, isLabel, scores, g.scalar(-Infinity)), [1], true);
    const atLeast = ops.cast(g, ops.greaterOrEqual(g, scores, ofLabel), 'float');
    const better = ops.sub(g, ops.reduceSum(g, atLeast, [1], true), g.scalar(1));
    const counted =
      param?.ignore_label === undefined
        ? g.constant('float', [outer, 1, inner], new Float32Array(outer * inner).fill(1))
        : ops.cast(g, ops.not(g, ops.equal(g, label, g.constant('int64', [], [param.ignore_label]))), 'float');
    const hit = ops.mul(g, ops.cast(g, ops.less(g, better, g.scalar(topK)), 'float'), counted);
    const ratio = (hits: Value, all: Value) => ops.div(g, hits, ops.max(g, all, g.scalar(1)));
    const ofClass = ops.cast(g, isLabel, 'float');
    const perClass = (values: Value) => ops.reduceSum(g, ops.mul(g, ofClass, values), [0, 2]);
    const tops = [ratio(ops.total(g, hit), ops.total(g, counted))];
    if (layer.top.length > 1) tops.push(ratio(perClass(hit), perClass(counted)));
    return { tops };
  },
};
