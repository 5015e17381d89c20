import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementCount, type Value } from '../../graph/graph-builder.ts';
import { checkedLabel } from '../loss/class-positions.ts';
import { canonicalAxis, check, layerKernel } from '../layer.ts';

/**
 * Accuracy: the share of positions whose label is among the `top_k` highest scores. A score that equals the label's
 * counts as higher. Positions with `ignore_label` are left out. The second top is the accuracy per class. Source: Caffe's
 * `accuracy_layer.cpp`. With `min_is_better`, for distances, they are the lowest scores, of equal ones the first classes.
 * Source: `accuracy_layer.cpp` of happynear/caffe-windows.
 */
export const accuracy = layerKernel({
  type: 'Accuracy',
  keepsFinite: true,
  measures: 'share',
  bottoms: 2,
  tops: [1, 2],
  fields: { accuracy_param: { ...read('axis', 'top_k', 'ignore_label', 'min_is_better') } },
  settings({ accuracy_param: param }): AccuracySettings {
    return {
      axis: param?.axis ?? 1,
      topK: param?.top_k ?? 1,
      ignoreLabel: param?.ignore_label,
      best: param?.min_is_better ? 'lowest' : 'highest',
    };
  },
  lower({ g, settings, bottoms, topCount }) {
    const [x, labels] = bottoms as [Value, Value];
    const { topK, ignoreLabel } = settings;
    const axis = canonicalAxis(settings.axis, x.shape.length);
    const outer = elementCount(x.shape.slice(0, axis));
    const classes = x.shape[axis]!;
    const inner = elementCount(x.shape.slice(axis + 1));
    check(topK <= classes, () => `top_k ${topK} is more than the ${classes} classes`);
    check(
      elementCount(labels.shape) === outer * inner,
      () => `expected ${outer * inner} labels for [${x.shape.join(', ')}], got [${labels.shape.join(', ')}]`,
    );
    const scores = ops.reshape(g, x, [outer, classes, inner]);
    const given = ops.cast(g, ops.reshape(g, labels, [outer, 1, inner]), 'int64');
    const label = checkedLabel(g, given, classes, ignoreLabel);
    const index = ops.iota(g, [1, classes, 1]);
    const isLabel = ops.equal(g, label, index);
    const ofLabel = ops.reduceMax(g, ops.where(g, isLabel, scores, g.scalar(-Infinity)), [1], true);
    const better = settings.best === 'highest' ? higher() : lower();
    const counted =
      ignoreLabel === undefined
        ? g.constant('float', [outer, 1, inner], () => new Float32Array(outer * inner).fill(1))
        : ops.cast(g, ops.not(g, ops.equal(g, label, g.constant('int64', [], [ignoreLabel]))), 'float');
    const hit = ops.mul(g, ops.cast(g, ops.less(g, better, g.scalar(topK)), 'float'), counted);
    const ratio = (hits: Value, all: Value) => ops.div(g, hits, ops.max(g, all, g.scalar(1)));
    const ofClass = ops.cast(g, isLabel, 'float');
    const perClass = (values: Value) => ops.reduceSum(g, ops.mul(g, ofClass, values), [0, 2]);
    const tops = [ratio(ops.total(g, hit), ops.total(g, counted))];
    if (topCount > 1) tops.push(ratio(perClass(hit), perClass(counted)));
    return { tops };

    /** How many other classes have a score that is not lower than the label's, [outer, 1, inner]. */
    function higher(): Value {
      const atLeast = ops.cast(g, ops.greaterOrEqual(g, scores, ofLabel), 'float');
      return ops.sub(g, ops.reduceSum(g, atLeast, [1], true), g.scalar(1));
    }

    /** How many classes have a lower one, or the same and come before the label. */
    function lower(): Value {
      const isFirst = ops.cast(g, ops.less(g, index, label), 'float');
      const isSame = ops.cast(g, ops.equal(g, scores, ofLabel), 'float');
      const isLower = ops.cast(g, ops.less(g, scores, ofLabel), 'float');
      return ops.reduceSum(g, ops.add(g, isLower, ops.mul(g, isSame, isFirst)), [1], true);
    }
  },
});

/** What an `accuracy_param` says. */
export interface AccuracySettings {
  /** That of the classes; may be counted from the end. */
  readonly axis: number;
  /** Which scores are the best: scores of a classifier, or distances. */
  readonly best: 'highest' | 'lowest';
  /** Among how many of the best scores the label's must be. */
  readonly topK: number;
  /** The label of positions that do not count; absent: all do. */
  readonly ignoreLabel: number | undefined;
}
