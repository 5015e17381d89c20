import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementCount, type Value } from '../../graph/graph-builder.ts';
import { classPositions } from './class-positions.ts';
import { layerKernel } from '../layer.ts';

/**
 * HingeLoss, one against all: sum of max(0, 1 - d x) / N, or of its squares (`norm: L2`), where d is 1 for the label's
 * class and -1 for the others. Source: Caffe's `hinge_loss_layer.cpp`.
 */
export const hingeLoss = layerKernel({
  type: 'HingeLoss',
  loss: true,
  bottoms: 2,
  tops: 1,
  fields: { hinge_loss_param: { ...read('norm') } },
  settings: ({ hinge_loss_param: param }): HingeSettings => ({ norm: param?.norm ?? 'L1' }),
  lower({ g, settings, bottoms }) {
    const [bottom, labels] = bottoms as [Value, Value];
    const n = bottom.shape[0]!;
    const x = ops.reshape(g, bottom, [n, elementCount(bottom.shape) / n]);
    const squared = settings.norm === 'L2';
    const { target } = classPositions(g, x, labels, 1, undefined);
    const side = ops.sub(g, ops.mul(g, ops.reshape(g, target, x.shape), g.scalar(2)), g.scalar(1));
    const margin = ops.relu(g, ops.sub(g, g.scalar(1), ops.mul(g, x, side)));
    const losses = squared ? ops.mul(g, margin, margin) : margin;
    return {
      tops: [ops.div(g, ops.total(g, losses), g.scalar(n))],
      backward([weight]) {
        const slope = squared ? ops.mul(g, margin, g.scalar(2)) : ops.sign(g, margin);
        const factor = ops.mul(g, weight!, g.scalar(-1 / n));
        return { bottoms: [ops.reshape(g, ops.mul(g, ops.mul(g, slope, side), factor), bottom.shape), undefined] };
      },
    };
  },
});

/** What a `hinge_loss_param` says. */
export interface HingeSettings {
  /** Of the margins: their sum, or that of their squares. */
  readonly norm: 'L1' | 'L2';
}
