import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import type { GraphBuilder, Value } from '../../graph/graph-builder.ts';
import { classPositions } from './class-positions.ts';
import { type LabelSmoothing, labelSmoothing, smoothedDifference } from './label-smoothing.ts';
import { lossNormalizer, LOSS_FIELDS, lossSettings, type LossSettings } from './loss-normalization.ts';
import { ENGINE } from '../common-fields.ts';
import { canonicalAxis, check, layerKernel } from '../layer.ts';

/** The smallest normal float32: Caffe bounds probabilities by it before the logarithm. */
const FLT_MIN = 1.1754943508222875e-38;

/**
 * SoftmaxWithLoss: - sum of log(softmax(x)[label]) / normalizer over all positions whose label is not `ignore_label`.
 * x [.., C, ..] with the classes on `softmax_param.axis`, labels of x's shape without that axis, as floats.
 * `label_smoothing` of NVIDIA's and intel's Caffe changes the gradient alone; SegNet's weights of the classes do not change what
 * is divided by. Source: Caffe's `softmax_loss_layer.cpp`.
 */
export const softmaxWithLoss = layerKernel({
  type: 'SoftmaxWithLoss',
  loss: true,
  scoreLayer: 'Softmax',
  bottoms: 2,
  tops: [1, 2],
  fields: {
    softmax_param: { ...read('axis'), engine: ENGINE },
    loss_param: { ...LOSS_FIELDS, ...read('label_smoothing', 'weight_by_label_freqs', 'class_weighting') },
    // Whose label_smoothing it is.
    ...read('forward_type', 'engine'),
  },
  settings({ softmax_param: { axis = 1 } = {}, loss_param: loss, forward_type, engine }): SoftmaxLossSettings {
    const smoothing = labelSmoothing(loss?.label_smoothing, { nvidia: forward_type, intel: engine });
    return { axis, loss: lossSettings(loss), smoothing, classWeights: classWeights(loss) };
  },
  lower({ g, settings, bottoms }) {
    const [x, labels] = bottoms as [Value, Value];
    const axis = canonicalAxis(settings.axis, x.shape.length);
    const { outer, classes, inner, target, counted } = classPositions(g, x, labels, axis, settings.loss.ignoreLabel);
    const probabilities = ops.softmax(g, x, axis);
    const grouped = ops.reshape(g, probabilities, [outer, classes, inner]);
    const ofLabel = ops.reduceSum(g, ops.mul(g, grouped, target), [1], true);
    const logs = ops.log(g, ops.max(g, ofLabel, g.scalar(FLT_MIN)));
    const normalizer = lossNormalizer(g, settings.loss, { outer, inner, counted });
    const weights = settings.classWeights && positionWeights(g, target, settings.classWeights);
    const ofPositions = (value: Value) => {
      const kept = counted ? ops.mul(g, value, counted) : value;
      return weights ? ops.mul(g, kept, weights) : kept;
    };
    const sum = ops.total(g, ofPositions(logs));
    const loss = ops.neg(g, ops.div(g, sum, normalizer));
    return {
      tops: [loss, probabilities],
      backward([weight]) {
        const { smoothing } = settings;
        const difference = smoothing ? smoothedDifference(g, grouped, target, smoothing) : ops.sub(g, grouped, target);
        const scaled = ops.mul(g, ofPositions(difference), ops.div(g, weight!, normalizer));
        return { bottoms: [ops.reshape(g, scaled, x.shape), undefined] };
      },
    };
  },
});

/** What its `softmax_param` and `loss_param` say. */
export interface SoftmaxLossSettings {
  /** That of the classes; may be counted from the end. */
  readonly axis: number;
  readonly loss: LossSettings;
  /** Absent: none. */
  readonly smoothing: LabelSmoothing | undefined;
  /** By which a position's loss is multiplied, one of each label; absent: 1. */
  readonly classWeights: readonly number[] | undefined;
}

/** Source: `softmax_loss_layer.cpp` of alexgkendall/caffe-segnet. */
function classWeights(
  loss: {
    readonly weight_by_label_freqs?: boolean | undefined;
    readonly class_weighting?: readonly number[] | undefined;
  } = {},
): readonly number[] | undefined {
  const { weight_by_label_freqs: isWeighted = false, class_weighting: weights = [] } = loss;
  check(
    isWeighted === weights.length > 0,
    () => 'weight_by_label_freqs: true and class_weighting, a weight of each class, need each other',
  );
  return isWeighted ? weights : undefined;
}

/** The weight of each position, that of its label, [outer, 1, inner]. */
function positionWeights(g: GraphBuilder, target: Value, weights: readonly number[]): Value {
  const classes = target.shape[1]!;
  check(weights.length === classes, () => `${weights.length} class_weighting for ${classes} classes`);
  const ofClass = g.constant('float', [1, classes, 1], Float32Array.from(weights));
  return ops.reduceSum(g, ops.mul(g, target, ofClass), [1], true);
}
