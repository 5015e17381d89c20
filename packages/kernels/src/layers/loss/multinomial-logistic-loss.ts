import * as ops from '../../graph/ops.ts';
import { elementCount, type Value } from '../../graph/graph-builder.ts';
import { classPositions } from './class-positions.ts';
import { layerKernel } from '../layer.ts';

/** Caffe bounds probabilities by it before the logarithm. */
export const LOG_THRESHOLD = 1e-20;

/**
 * MultinomialLogisticLoss: - sum of log p[label] / N for probabilities p [N, C].
 * Source: Caffe's `multinomial_logistic_loss_layer.cpp`.
 */
export const multinomialLogisticLoss = layerKernel({
  type: 'MultinomialLogisticLoss',
  loss: true,
  bottoms: 2,
  tops: 1,
  fields: {},
  lower({ g, bottoms }) {
    const [p, labels] = bottoms as [Value, Value];
    const n = p.shape[0]!;
    const rows = ops.reshape(g, p, [n, elementCount(p.shape) / n]);
    const target = ops.reshape(g, classPositions(g, rows, labels, 1, undefined).target, rows.shape);
    const bounded = ops.max(g, rows, g.scalar(LOG_THRESHOLD));
    return {
      tops: [ops.div(g, ops.total(g, ops.mul(g, ops.log(g, bounded), target)), g.scalar(-n))],
      backward([weight]) {
        const perRow = ops.div(g, target, bounded);
        return {
          bottoms: [ops.reshape(g, ops.mul(g, perRow, ops.mul(g, weight!, g.scalar(-1 / n))), p.shape), undefined],
        };
      },
    };
  },
});
