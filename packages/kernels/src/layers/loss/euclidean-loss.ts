import * as ops from '../../graph/ops.ts';
import { elementCount, type Value } from '../../graph/graph-builder.ts';
import { check, layerKernel } from '../layer.ts';

/** EuclideanLoss: sum of (a - b)^2 / (2 N); both bottoms have gradients. Source: Caffe's `euclidean_loss_layer.cpp`. */
export const euclideanLoss = layerKernel({
  type: 'EuclideanLoss',
  showsNotFinite: true,
  loss: true,
  bottoms: 2,
  tops: 1,
  fields: {},
  lower({ g, bottoms }) {
    const [a, b] = bottoms as [Value, Value];
    check(
      a.shape[0] === b.shape[0] && elementCount(a.shape) === elementCount(b.shape),
      () => `bottoms [${a.shape.join(', ')}] and [${b.shape.join(', ')}] differ in size`,
    );
    const difference = ops.sub(g, a, ops.reshape(g, b, a.shape));
    const n = a.shape[0]!;
    return {
      tops: [ops.mul(g, ops.total(g, ops.mul(g, difference, difference)), g.scalar(1 / n / 2))],
      backward([weight], needs) {
        const da = ops.mul(g, difference, ops.mul(g, weight!, g.scalar(1 / n)));
        return { bottoms: [da, needs.bottoms[1] ? ops.reshape(g, ops.neg(g, da), b.shape) : undefined] };
      },
    };
  },
});
