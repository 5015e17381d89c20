import { settingsOf, withSettings } from '@caffe-quant/caffe-io';
import { infogainLoss } from '../../layers/loss/infogain-loss.ts';
import { centralDifferences, fixed, learned, type NumericCase, seededNumbers } from '../numeric-check.ts';

/** Losses in the modes that no golden has. */

const { abs, exp, log, max } = Math;

const LABELS = [2, 0, 1, 255, 2, 1];
/** Rows of 3 classes. */
const GAIN = seededNumbers([9], 20, 0, 2);

function softmaxRow(x: Float64Array, row: number): number[] {
  const scores = [...x.slice(3 * row, 3 * row + 3)];
  const sum = scores.reduce((total, value) => total + exp(value), 0);
  return scores.map((value) => exp(value) / sum);
}

/** InfogainLoss over 6 positions of 3 classes; labels of `ignored` do not count. */
function infogain(x: Float64Array, gain: ArrayLike<number>, ignored: number | undefined, divisor: number): number {
  let loss = 0;
  LABELS.forEach((label, row) => {
    if (label === ignored) return;
    const own = label === 255 ? 0 : label;
    softmaxRow(x, row).forEach((p, k) => (loss -= gain[3 * own + k]! * log(p)));
  });
  return loss / divisor;
}

const infogainCase = (name: string, settings: string, ignored: number | undefined, divisor: number): NumericCase => ({
  name: `InfogainLoss, its matrix in a file, ${name}`,
  layer: `layer { type: "InfogainLoss" bottom: "x" bottom: "label" top: "loss" top: "p"
    infogain_loss_param { source: "gain.binaryproto" } loss_param { ${settings} } }`,
  bottoms: [learned([6, 3], 21), fixed([6], ignored === undefined ? LABELS.map((label) => label % 255) : LABELS)],
  prepare: (layer) => withSettings(infogainLoss, layer, { ...settingsOf(infogainLoss, layer), matrix: GAIN }),
  topShapes: [[], [6, 3]],
  fixedTops: [1],
  forward: ([x]) => [[infogain(x!, GAIN, ignored, divisor)], LABELS.flatMap((_, row) => softmaxRow(x!, row))],
});

/** Scores of 2 images, 3 classes and 2 positions, and their labels; 255 does not count. */
const PLANES = learned([2, 3, 2], 31, -2, 2);
const PLANE_LABELS = [1, 0, 2, 255];

const scoresAt = (x: Float64Array, position: number): number[] =>
  [0, 1, 2].map((c) => x[(position >> 1) * 6 + 2 * c + (position & 1)]!);

/** Softmax over the classes. */
const probabilities = (x: Float64Array): Float64Array =>
  x.map((value, i) => {
    const scores = scoresAt(x, 2 * Math.floor(i / 6) + (i % 2));
    return exp(value) / scores.reduce((sum, each) => sum + exp(each), 0);
  });

/**
 * Of 3 counted positions, the sum of r lse(x) - sum over the classes of t x, by 3: the plain loss with r = 1 and t = 1 at the
 * label. Its gradient is r p - t.
 */
function softTargets(x: Float64Array, { ratio, own, others }: { ratio: number; own: number; others: number }): number {
  let loss = 0;
  PLANE_LABELS.forEach((label, position) => {
    if (label === 255) return;
    const scores = scoresAt(x, position);
    loss += ratio * log(scores.reduce((sum, value) => sum + exp(value), 0));
    scores.forEach((value, c) => (loss -= value * (c === label ? own : others)));
  });
  return loss / 3;
}

/** SoftmaxWithLoss whose value is the plain one and whose gradient is that of other targets. */
const smoothedCase = (fork: string, mark: string, targets: Parameters<typeof softTargets>[1]): NumericCase => {
  const inputs = [Float64Array.from(PLANES.data)];
  return {
    name: `SoftmaxWithLoss, labels smoothed as in ${fork}`,
    layer: `layer { type: "SoftmaxWithLoss" bottom: "x" bottom: "label" top: "loss" ${mark}
      loss_param { label_smoothing: 0.25 ignore_label: 255 } }`,
    bottoms: [PLANES, fixed([2, 1, 2], PLANE_LABELS)],
    topShapes: [[], [2, 3, 2]],
    fixedTops: [1],
    forward: ([x]) => [[softTargets(x!, { ratio: 1, own: 1, others: 0 })], probabilities(x!)],
    backward: () => centralDifferences(([x]) => [[softTargets(x!, targets)]], inputs, 0, [seededNumbers([], 1000)]),
  };
};

const CLASS_WEIGHTS = [0.5, 2, 1.25];

/** SoftmaxWithLoss of 3 counted positions, each with the weight of its label. */
const weightedCase: NumericCase = {
  name: 'SoftmaxWithLoss with class weights',
  layer: `layer { type: "SoftmaxWithLoss" bottom: "x" bottom: "label" top: "loss"
    loss_param { ignore_label: 255 weight_by_label_freqs: true ${CLASS_WEIGHTS.map((w) => `class_weighting: ${w}`).join(' ')} } }`,
  bottoms: [PLANES, fixed([2, 1, 2], PLANE_LABELS)],
  topShapes: [[], [2, 3, 2]],
  fixedTops: [1],
  forward: ([x]) => {
    let loss = 0;
    const p = probabilities(x!);
    PLANE_LABELS.forEach((label, position) => {
      if (label === 255) return;
      loss -= CLASS_WEIGHTS[label]! * log(p[(position >> 1) * 6 + 2 * label + (position & 1)]!);
    });
    return [[loss / 3], p];
  },
};

/** Faster R-CNN's: sum of v f(w (a - b)) / N. */
function smoothL1(inputs: readonly Float64Array[], sigma: number, images: number): number {
  const [a, b, inside, outside] = inputs;
  let loss = 0;
  a!.forEach((value, i) => {
    const d = (inside?.[i] ?? 1) * (value - b![i]!);
    const each = abs(d) < 1 / sigma ** 2 ? (sigma * d) ** 2 / 2 : abs(d) - 0.5 / sigma ** 2;
    loss += (outside?.[i] ?? 1) * each;
  });
  return loss / images;
}

const smoothCase = (sigma: string, weights: number): NumericCase => {
  const shape = [3, 8];
  const bottoms = [
    learned(shape, 22),
    learned(shape, 23),
    fixed(shape, seededNumbers(shape, 24, 0, 2)),
    fixed(shape, seededNumbers(shape, 25, 0, 2)),
  ].slice(0, 2 + weights);
  return {
    name: `SmoothL1Loss, sigma ${sigma || 'by default'}, ${weights} bottoms of weights`,
    layer: `layer { type: "SmoothL1Loss" ${bottoms.map((_, i) => `bottom: "${'abio'[i]}"`).join(' ')} top: "loss"
      smooth_l1_loss_param { ${sigma && `sigma: ${sigma}`} } }`,
    bottoms,
    topShapes: [[]],
    forward: (inputs) => [[smoothL1(inputs, Number(sigma || 1), 3)]],
  };
};

const TARGETS = seededNumbers([12], 26, 0, 1).map((target, i) => (i === 5 ? -1 : target));

const sigmoidLoss = (settings: string, divisor: number): NumericCase => ({
  name: `SigmoidCrossEntropyLoss, ${settings}`,
  layer: `layer { type: "SigmoidCrossEntropyLoss" bottom: "x" bottom: "t" top: "loss" loss_param { ${settings} } }`,
  bottoms: [learned([3, 4], 27, -3, 3), fixed([3, 4], TARGETS)],
  topShapes: [[]],
  forward: ([x]) => {
    let loss = 0;
    x!.forEach((value, i) => {
      if (TARGETS[i] === -1) return;
      loss += max(value, 0) - value * TARGETS[i]! + log(1 + exp(-abs(value)));
    });
    return [[loss / divisor]];
  },
});

export const LOSS_CASES: NumericCase[] = [
  weightedCase,
  {
    name: 'Accuracy of distances: the lowest is the best, of equal ones the first',
    layer: `layer { type: "Accuracy" bottom: "x" bottom: "label" top: "share"
      accuracy_param { min_is_better: true ignore_label: 255 } }`,
    // Right, wrong, right, right, wrong, not counted.
    bottoms: [fixed([6, 3], [3, 1, 2, 1, 1, 5, 2, 2, 2, 5, 4, 4, 0, 9, 9, 0, 1, 2]), fixed([6], [1, 1, 0, 1, 2, 255])],
    topShapes: [[]],
    fixedTops: [0],
    forward: () => [[3 / 5]],
  },
  // 6 scores an image.
  smoothedCase("NVIDIA's Caffe", 'forward_type: FLOAT', { ratio: 1, own: 0.75 + 0.25 / 5, others: 0.25 / 5 }),
  smoothedCase("intel's Caffe", 'engine: "CAFFE"', { ratio: 0.75 + (5 * 0.25) / 6, own: 0.75, others: 0.25 / 6 }),
  infogainCase('every label counts', '', undefined, 6),
  infogainCase('an ignored label', 'ignore_label: 255', 255, 5),
  infogainCase('divided by all positions', 'ignore_label: 255 normalization: FULL', 255, 6),
  infogainCase('not divided', 'ignore_label: 255 normalization: NONE', 255, 1),
  smoothCase('3', 0),
  smoothCase('0.5', 1),
  smoothCase('3', 2),
  smoothCase('', 2),
  {
    ...smoothCase('', 2),
    name: 'SmoothL1Loss, two bottoms of weights and no settings',
    layer: 'layer { type: "SmoothL1Loss" bottom: "a" bottom: "b" bottom: "i" bottom: "o" top: "loss" }',
  },
  sigmoidLoss('ignore_label: -1 normalization: FULL', 12),
  sigmoidLoss('ignore_label: -1 normalization: NONE', 1),
  {
    name: 'DistillationLoss over 5 classes at 6 positions',
    layer: 'layer { type: "DistillationLoss" bottom: "x" bottom: "teacher" top: "loss" }',
    bottoms: [learned([2, 5, 3], 29, -3, 3), fixed([2, 5, 3], seededNumbers([30], 30, -3, 3))],
    topShapes: [[]],
    forward: ([x, teacher]) => {
      let loss = 0;
      for (let position = 0; position < 6; position++) {
        const place = (k: number) => Math.floor(position / 3) * 15 + 3 * k + (position % 3);
        const shares = (scores: Float64Array) => {
          const powers = [0, 1, 2, 3, 4].map((k) => exp(scores[place(k)]!));
          return powers.map((power) => power / powers.reduce((a, b) => a + b));
        };
        const [s, t] = [shares(x!), shares(teacher!)];
        t.forEach((share, k) => (loss += share * (log(share) - log(s[k]!))));
      }
      return [[loss / 6]];
    },
  },
  ...['', 'negative_slope: 0.25'].map((settings): NumericCase => {
    const slope = settings === '' ? 0 : 0.25;
    return {
      name: `ReLU that ends at 6, ${settings}`,
      layer: `layer { type: "ReLU" bottom: "x" top: "y" relu_param { relu6: true ${settings} } }`,
      bottoms: [learned([4, 6], 29, -4, 10)],
      topShapes: [[4, 6]],
      forward: ([x]) => [x!.map((value) => (value > 6 ? 6 : value > 0 ? value : slope * value))],
    };
  }),
  {
    name: 'Swish, beta 1.7',
    layer: 'layer { type: "Swish" bottom: "x" top: "y" swish_param { beta: 1.7 } }',
    bottoms: [learned([4, 6], 28, -4, 4)],
    topShapes: [[4, 6]],
    forward: ([x]) => [x!.map((value) => value / (1 + exp(-Math.fround(1.7) * value)))],
  },
];
