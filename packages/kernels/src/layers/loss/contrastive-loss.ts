import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementCount, type Value } from '../../graph/graph-builder.ts';
import { check, layerKernel } from '../layer.ts';

/**
 * ContrastiveLoss of pairs of features a, b [N, C] and labels y [N], 1 for a pair that belongs together: the sum over
 * the pairs of d^2 if y, else max(`margin` - d, 0)^2, divided by 2 N, with d = |a - b|. With `legacy_version` the second
 * case is max(margin - d^2, 0). Source: Caffe's `contrastive_loss_layer.cpp`.
 */
export const contrastiveLoss = layerKernel({
  type: 'ContrastiveLoss',
  loss: true,
  modelBottoms: 2,
  bottoms: 3,
  tops: 1,
  fields: { contrastive_loss_param: { ...read('margin', 'legacy_version') } },
  settings({ contrastive_loss_param: { margin = 1, legacy_version: legacy = false } = {} }): ContrastiveSettings {
    return { margin, legacy };
  },
  lower({ g, settings, bottoms }) {
    const [a, second, labels] = bottoms as [Value, Value, Value];
    const { margin: limit, legacy } = settings;
    const n = a.shape[0]!;
    for (const { shape } of [a, second]) {
      check(
        shape.length >= 2 && shape.length <= 4 && shape.slice(2).every((dim) => dim === 1),
        () => `expected features [N, C] or [N, C, 1, 1], got [${shape.join(', ')}]`,
      );
    }
    check(
      n === second.shape[0] && a.shape[1] === second.shape[1],
      () => `bottoms [${a.shape.join(', ')}] and [${second.shape.join(', ')}] differ in size`,
    );
    const b = ops.reshape(g, second, a.shape);
    check(elementCount(labels.shape) === n, () => `expected ${n} labels, got [${labels.shape.join(', ')}]`);
    const zero = g.scalar(0);
    const difference = ops.reshape(g, ops.sub(g, a, b), [n, elementCount(a.shape) / n]);
    const similar = ops.not(
      g,
      ops.equal(g, ops.cast(g, ops.reshape(g, labels, [n, 1]), 'int64'), g.constant('int64', [], [0])),
    );
    const squared = ops.reduceSumSquare(g, difference, [1], true);
    const distance = ops.sqrt(g, squared);
    const margin = ops.relu(g, ops.sub(g, g.scalar(limit), legacy ? squared : distance));
    const apart = legacy ? margin : ops.mul(g, margin, margin);
    return {
      tops: [ops.mul(g, ops.total(g, ops.where(g, similar, squared, apart)), g.scalar(1 / n / 2))],
      backward([weight]) {
        // Caffe's guard against a distance of 0.
        const perDistance = () => ops.div(g, margin, ops.add(g, distance, g.scalar(1e-4)));
        const pull = ops.neg(g, legacy ? ops.indicator(g, ops.greater(g, margin, zero)) : perDistance());
        const factor = ops.where(g, similar, g.scalar(1), pull);
        const scaled = ops.mul(g, factor, ops.mul(g, weight!, g.scalar(1 / n)));
        const da = ops.reshape(g, ops.mul(g, difference, scaled), a.shape);
        return { bottoms: [da, ops.reshape(g, ops.neg(g, da), second.shape), undefined] };
      },
    };
  },
});

/** What a `contrastive_loss_param` says. */
export interface ContrastiveSettings {
  /** How far apart features that do not belong together are pushed. */
  readonly margin: number;
  /** The margin is one of squared distances. */
  readonly legacy: boolean;
}
