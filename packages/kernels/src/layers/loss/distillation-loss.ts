import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementCount, type Value } from '../../graph/graph-builder.ts';
import { canonicalAxis, check, layerKernel } from '../layer.ts';

/** The smallest normal float32, as in SoftmaxWithLoss. */
const FLT_MIN = 1.1754943508222875e-38;

/**
 * DistillationLoss: how far a classifier is from a teacher, KL(t || s) = sum of t * (log t - log s) over the classes,
 * mean over all positions, with s = softmax(x) and t = softmax(teacher's x). Bottoms: the scores x [.., C, ..] of the net
 * and those of the teacher, classes on `softmax_param.axis`. 0 where both say the same. Its gradient by x is
 * (s - t) / positions, SoftmaxWithLoss's with t in the place of the labels; the teacher gets none.
 *
 * No layer of Caffe's. Source: Hinton, Vinyals, Dean, "Distilling the Knowledge in a Neural Network", 2015, temperature 1.
 */
export const distillationLoss = layerKernel({
  type: 'DistillationLoss',
  loss: true,
  bottoms: 2,
  tops: 1,
  fields: { softmax_param: { ...read('axis') } },
  settings: ({ softmax_param: { axis = 1 } = {} }): DistillationSettings => ({ axis }),
  lower({ g, settings, bottoms }) {
    const [x, teacher] = bottoms as [Value, Value];
    check(
      x.shape.join() === teacher.shape.join(),
      () => `the scores are [${x.shape.join(', ')}], but the teacher's [${teacher.shape.join(', ')}]`,
    );
    const axis = canonicalAxis(settings.axis, x.shape.length);
    const weight = g.scalar(x.shape[axis]! / elementCount(x.shape));
    const [s, t] = [ops.softmax(g, x, axis), ops.softmax(g, teacher, axis)];
    const logOf = (share: Value) => ops.log(g, ops.max(g, share, g.scalar(FLT_MIN)));
    const terms = ops.mul(g, t, ops.sub(g, logOf(t), logOf(s)));
    return {
      tops: [ops.mul(g, ops.total(g, terms), weight)],
      backward: ([top]) => ({
        bottoms: [ops.mul(g, ops.sub(g, s, t), ops.mul(g, top!, weight)), undefined],
      }),
    };
  },
});

/** What its `softmax_param` says. */
export interface DistillationSettings {
  /** That of the classes; may be counted from the end. */
  readonly axis: number;
}
