import type { Draw } from '../draw.ts';
import { axisOf, blob, type Bottom, type DrawSetting, maybe, shapeOf, whole } from '../setting.ts';

const lossParam = (draw: Draw, classes: number): string =>
  `loss_param { ${maybe(draw, () => `ignore_label: ${draw.pick([0, classes - 1, -1, 255])}`)} ${maybe(
    draw,
    () => `normalization: ${draw.pick(['FULL', 'VALID', 'BATCH_SIZE', 'NONE'])}`,
  )} ${maybe(draw, () => `normalize: ${draw.chance()}`, 0.3)} }`;

/** Scores with the classes on some axis, and a label at each place. */
function classified(draw: Draw): { scores: Bottom; labels: Bottom; axis: number; classes: number } {
  const shape = shapeOf(draw, draw.int(1, 4));
  // Classes on the first axis are refused unless as many labels come first.
  const axis =
    draw.chance(0.7) && shape.length > 1 ? draw.pick([1, 1 - shape.length]) : axisOf(draw, shape.length, 0.03);
  const along = (axis + 2 * shape.length) % shape.length;
  const classes = shape[along]!;
  const places = shape.filter((_, i) => i !== along);
  const labels = whole(draw, draw.chance(0.04) ? [...places, 2] : places, 0, classes - 1);
  return { scores: blob(draw, shape, -3, 3), labels, axis, classes };
}

const softmaxWithLoss: DrawSetting = (draw) => {
  const { scores, labels, axis, classes } = classified(draw);
  return {
    text: `softmax_param { axis: ${axis} } ${lossParam(draw, classes)}`,
    bottoms: [scores, labels],
    tops: draw.int(1, 2),
    phase: 'TRAIN',
  };
};

const infogainLoss: DrawSetting = (draw) => {
  const { scores, labels, axis, classes } = classified(draw);
  const matrix = { ...blob(draw, draw.chance(0.1) ? [classes + 1] : [1, 1, classes, classes], 0, 1), learns: false };
  return {
    text: `infogain_loss_param { axis: ${axis} } ${lossParam(draw, classes)}`,
    bottoms: [scores, labels, matrix],
    phase: 'TRAIN',
  };
};

const accuracy: DrawSetting = (draw) => {
  const { scores, labels, axis, classes } = classified(draw);
  const ignore = maybe(draw, () => `ignore_label: ${draw.int(0, classes - 1)}`);
  return {
    text: `accuracy_param { axis: ${axis} top_k: ${draw.int(1, 3)} ${ignore} }`,
    bottoms: [{ ...scores, learns: false }, labels],
    tops: draw.int(1, 2),
  };
};

/** Scores [N, C ..] beside labels [N] or [N, 1, 1, 1]. */
const perImage =
  (text: (draw: Draw) => string, range: [number, number]): DrawSetting =>
  (draw) => {
    const [n, classes] = [draw.int(1, 4), draw.int(1, 5)];
    const shape = draw.pick([
      [n, classes],
      [n, classes],
      [n, classes, 1, 1],
    ]);
    const labels = whole(draw, draw.pick([[n], [n, 1, 1, 1]]), 0, classes - 1);
    return { text: text(draw), bottoms: [blob(draw, shape, ...range), labels], phase: 'TRAIN' };
  };

const contrastiveLoss: DrawSetting = (draw) => {
  const [n, channels] = [draw.int(1, 4), draw.int(1, 5)];
  const shape = () =>
    draw.pick([[n, channels], [n, channels, 1, 1], draw.chance(0.2) ? [n, channels, 2, 1] : [n, channels]]);
  const fields = `${maybe(draw, () => `margin: ${draw.decimal(0.5, 3)}`)} ${maybe(draw, () => 'legacy_version: true')}`;
  return {
    text: `contrastive_loss_param { ${fields} }`,
    bottoms: [blob(draw, shape()), blob(draw, shape()), whole(draw, draw.pick([[n], [n, 1], [n, 1, 1, 1]]), 0, 1)],
    phase: 'TRAIN',
  };
};

/** Two blobs of one shape, now and then of two. */
const pair =
  (text: (draw: Draw) => string, second: (draw: Draw, shape: number[]) => Bottom): DrawSetting =>
  (draw) => {
    const shape = shapeOf(draw, draw.int(1, 4));
    const other = draw.chance(0.05) ? [...shape, 2] : shape;
    return { text: text(draw), bottoms: [blob(draw, shape, -2, 2), second(draw, other)], phase: 'TRAIN' };
  };

export const LOSSES: Readonly<Record<string, DrawSetting>> = {
  Accuracy: accuracy,
  ContrastiveLoss: contrastiveLoss,
  DistillationLoss: (draw) => {
    const shape = [...shapeOf(draw, 2), ...shapeOf(draw, draw.int(0, 2))];
    return {
      text: '',
      bottoms: [blob(draw, shape, -3, 3), { ...blob(draw, shape, -3, 3), learns: false }],
      phase: 'TRAIN',
    };
  },
  EuclideanLoss: pair(
    () => '',
    (draw, shape) => blob(draw, shape, -2, 2),
  ),
  HingeLoss: perImage(
    (draw) => `hinge_loss_param { ${maybe(draw, () => `norm: ${draw.pick(['L1', 'L2'])}`)} }`,
    [-2, 2],
  ),
  InfogainLoss: infogainLoss,
  MultinomialLogisticLoss: perImage(() => '', [0.01, 1]),
  SigmoidCrossEntropyLoss: pair(
    (draw) => lossParam(draw, 2),
    (draw, shape) => whole(draw, shape, 0, 1),
  ),
  SmoothL1Loss: pair(
    (draw) => maybe(draw, () => `smooth_l1_loss_param { sigma: ${draw.decimal(0.5, 3)} }`),
    (draw, shape) => blob(draw, shape, -2, 2),
  ),
  SoftmaxWithLoss: softmaxWithLoss,
};
