import * as ops from '../../graph/ops.ts';
import type { GraphBuilder, Value } from '../../graph/graph-builder.ts';
import { check } from '../layer.ts';

/** How the forks that know `label_smoothing` change the gradient of SoftmaxWithLoss; its value they leave as it is. */
export interface LabelSmoothing {
  /** What the label gives away to other classes, in (0, 1). */
  readonly share: number;
  readonly fork: 'NVIDIA' | 'intel';
}

/**
 * What a layer says of it. Which fork's it is, the layer must tell: each has a field that the other has not, and that
 * changes nothing else.
 *
 * @throws LayerError where it does not, and for a share that is none
 */
export function labelSmoothing(
  share: number | undefined,
  mark: { readonly nvidia: unknown; readonly intel: unknown },
): LabelSmoothing | undefined {
  if (share === undefined || share === 0) return undefined;
  check(share > 0 && share < 1, () => `label_smoothing ${share} is not between 0 and 1`);
  const [isNvidia, isIntel] = [mark.nvidia !== undefined, mark.intel !== undefined];
  check(
    isNvidia !== isIntel,
    () =>
      "label_smoothing means one thing in NVIDIA/caffe and another in intel/caffe, and this net may be either's: " +
      'write forward_type: FLOAT into the layer if it is NVIDIA\'s, engine: "CAFFE" if it is intel\'s',
  );
  return { share, fork: isNvidia ? 'NVIDIA' : 'intel' };
}

/**
 * The gradient of one position's loss by its scores, in place of p - t, where p are the probabilities and t is 1 at the label
 * [outer, C, inner]. With e the share and d the scores of an image, C * inner:
 *
 * - NVIDIA: p - (1 - e) t - e / (d - 1)
 * - intel: (1 - e / d) p - (1 - e - e / d) t - e / d
 *
 * Sources: `softmax_loss_layer.cu` of NVIDIA/caffe (its CPU code does not smooth), `softmax_loss_layer.cpp` of intel/caffe.
 */
export function smoothedDifference(
  g: GraphBuilder,
  probabilities: Value,
  target: Value,
  { share, fork }: LabelSmoothing,
): Value {
  const [, classes, inner] = probabilities.shape as [number, number, number];
  const scores = classes * inner;
  check(scores > 1, () => 'label_smoothing needs more than one class');
  const others = fork === 'NVIDIA' ? share / (scores - 1) : share / scores;
  const own = fork === 'NVIDIA' ? 1 - share : 1 - share - others;
  const scaled = fork === 'NVIDIA' ? probabilities : ops.mul(g, probabilities, g.scalar(1 - others));
  return ops.sub(g, ops.sub(g, scaled, g.scalar(others)), ops.mul(g, target, g.scalar(own)));
}
