import { fixed, learned, type NumericCase, seededNumbers } from '../numeric-check.ts';

/** MultiBoxLoss in the modes that no golden has: 2 images, 8 priors, one class beside the background or two. */

type Box = readonly number[];

const { abs, exp, log, max, min } = Math;
const PRIORS = 8;

/** Some reach beyond the image. */
const BOXES: Box[] = Array.from({ length: PRIORS }, (_, p) => {
  const [x, y] = [(p % 4) * 0.25 - 0.05, p < 4 ? -0.03 : 0.5];
  return [x, y, x + 0.3 + 0.02 * p, y + 0.45].map(Math.fround);
});
const VARIANCES = [0.1, 0.1, 0.2, 0.2].map(Math.fround);
const PRIOR_BLOB = [...BOXES.flat(), ...BOXES.flatMap(() => VARIANCES)];
/** Rows [image, label, instance, box, difficult]. */
const TRUTH = [
  [0, 1, 0, 0.02, 0.03, 0.3, 0.4, 0],
  [0, 1, 1, 0.45, 0.55, 0.8, 0.9, 0],
  [1, 1, 0, 0.5, 0.05, 0.85, 0.45, 0],
].map((row) => row.map(Math.fround));

const area = (box: Box): number => max(0, box[2]! - box[0]!) * max(0, box[3]! - box[1]!);

function overlapOf(a: Box, b: Box): number {
  const shared = area([max(a[0]!, b[0]!), max(a[1]!, b[1]!), min(a[2]!, b[2]!), min(a[3]!, b[3]!)]);
  return shared / (area(a) + area(b) - shared);
}

interface Modes {
  classes: number;
  agnostic?: boolean;
  ignoreCrossing?: boolean;
  inside?: boolean;
  hard?: number;
  /** `encode_variance_in_target`. */
  inTarget?: boolean;
  squared?: boolean;
  /** `use_prior_for_matching: false`. */
  byPrediction?: boolean;
}

/** Of each of an image's boxes, one a prior: the row of TRUTH that it is matched with, or undefined; and its largest overlap. */
function match(image: number, boxes: readonly Box[], ignored: (box: Box) => boolean) {
  const rows = TRUTH.filter(([of]) => of === image);
  const overlaps = boxes.map((box) => rows.map((row) => (ignored(box) ? 0 : overlapOf(box, row.slice(3, 7)))));
  const partners = new Map<number, number[]>();
  const free = new Set(rows.keys());
  while (free.size > 0) {
    let best: [number, number, number] = [1e-6, -1, -1];
    overlaps.forEach((of, p) =>
      of.forEach((value, r) => {
        if (free.has(r) && !partners.has(p) && value > best[0]) best = [value, p, r];
      }),
    );
    if (best[1] < 0) break;
    partners.set(best[1], rows[best[2]]!);
    free.delete(best[2]);
  }
  overlaps.forEach((of, p) => {
    const most = of.indexOf(max(...of));
    if (!partners.has(p) && of[most]! >= 0.5) partners.set(p, rows[most]!);
  });
  return { partners, overlaps: overlaps.map((of) => max(...of)) };
}

function encode(prior: Box, box: Box): number[] {
  const size = (b: Box, axis: number) => b[axis + 2]! - b[axis]!;
  const center = (b: Box, axis: number) => (b[axis]! + b[axis + 2]!) / 2;
  return [0, 1, 2, 3].map((i) => {
    const axis = i % 2;
    const value =
      i < 2 ? (center(box, axis) - center(prior, axis)) / size(prior, axis) : log(size(box, axis) / size(prior, axis));
    return value / VARIANCES[i]!;
  });
}

/** The box that a prediction means beside its prior. */
function decode(prior: Box, prediction: ArrayLike<number>, variances: readonly number[]): number[] {
  const by = (i: number) => prediction[i]! * variances[i]!;
  const [width, height] = [prior[2]! - prior[0]!, prior[3]! - prior[1]!];
  const [x, y] = [(prior[0]! + prior[2]!) / 2 + by(0) * width, (prior[1]! + prior[3]!) / 2 + by(1) * height];
  const [halfWidth, halfHeight] = [(exp(by(2)) * width) / 2, (exp(by(3)) * height) / 2];
  return [x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight];
}

const outside = (edge: number): boolean => edge < 0 || edge > 1;

function loss(locations: Float64Array, scores: Float64Array, modes: Modes): number {
  const { classes, hard } = modes;
  let [total, matches] = [0, 0];
  for (const image of [0, 1]) {
    const crosses = (box: Box) => (modes.ignoreCrossing ?? false) && box.some(outside);
    const predictions = BOXES.map((_, p) => locations.slice((image * PRIORS + p) * 4, (image * PRIORS + p) * 4 + 4));
    const boxes = modes.byPrediction
      ? BOXES.map((prior, p) => decode(prior, predictions[p]!, modes.inTarget ? [1, 1, 1, 1] : VARIANCES))
      : BOXES;
    const { partners, overlaps } = match(image, boxes, crosses);
    const each = BOXES.map((prior, p) => {
      const row = partners.get(p);
      const label = row ? (modes.agnostic ? 1 : row[1]!) : 0;
      const own = [...scores.slice((image * PRIORS + p) * classes, (image * PRIORS + p + 1) * classes)];
      const confidence = log(own.reduce((sum, score) => sum + exp(score), 0)) - own[label]!;
      let location = 0;
      if (row) {
        encode(prior, row.slice(3, 7)).forEach((target, i) => {
          if (modes.inside && outside(boxes[p]![i]!)) return;
          const prediction = predictions[p]![i]!;
          const d = abs(modes.inTarget ? prediction / VARIANCES[i]! - target : prediction - target);
          location += modes.squared || d < 1 ? d ** 2 / 2 : d - 0.5;
        });
      }
      return { p, row, confidence, location, crossing: crosses(boxes[p]!), apart: overlaps[p]! < 0.5 };
    });
    const byLoss = (of: typeof each, key: (one: (typeof each)[number]) => number) =>
      [...of].sort((a, b) => key(b) - key(a));
    if (hard !== undefined) {
      for (const one of byLoss(each, ({ confidence, location }) => confidence + location).slice(0, hard)) {
        if (one.row) matches++;
        if (one.row || !one.crossing) total += one.confidence + (one.row ? one.location : 0);
      }
      continue;
    }
    const positives = each.filter(({ row }) => row);
    matches += positives.length;
    for (const { confidence, location } of positives) total += confidence + location;
    const candidates = each.filter(({ row, crossing, apart }) => !row && !crossing && apart);
    for (const { confidence } of byLoss(candidates, (one) => one.confidence).slice(0, positives.length * 3)) {
      total += confidence;
    }
  }
  return total / max(matches, 1);
}

function multiBox(name: string, settings: string, modes: Modes): NumericCase {
  const { classes } = modes;
  return {
    name: `MultiBoxLoss, ${name}`,
    layer: `layer { type: "MultiBoxLoss" bottom: "loc" bottom: "conf" bottom: "prior" bottom: "truth" top: "loss"
      multibox_loss_param { num_classes: ${classes} code_type: CENTER_SIZE ${settings} } }`,
    bottoms: [
      // Divided by the variances, differences are on both sides of 1 all the same.
      modes.inTarget ? learned([2, PRIORS * 4], 31, -0.3, 0.3) : learned([2, PRIORS * 4], 31),
      { shape: [2, PRIORS * classes], data: seededNumbers([2 * PRIORS * classes], 32), learns: true },
      fixed([1, 2, PRIORS * 4], PRIOR_BLOB),
      fixed([1, 1, TRUTH.length, 8], TRUTH.flat()),
    ],
    topShapes: [[]],
    forward: ([locations, scores]) => [[loss(locations!, scores!, modes)]],
    // SSD hands back the gradient by prediction / variance as the one by the prediction.
    ...(modes.inTarget && {
      backward: (gradient, index) => (index === 0 ? gradient.map((value, i) => value * VARIANCES[i % 4]!) : gradient),
    }),
  };
}

export const MULTIBOX_CASES: NumericCase[] = [
  multiBox('by default', '', { classes: 3 }),
  multiBox('objects of any class as one', 'map_object_to_agnostic: true', { classes: 2, agnostic: true }),
  multiBox('boxes beyond the image ignored', 'ignore_cross_boundary_bbox: true', { classes: 3, ignoreCrossing: true }),
  multiBox('gradients inside the image alone', 'bp_inside: true', { classes: 3, inside: true }),
  multiBox(
    'hard examples, boxes beyond the image ignored',
    'ignore_cross_boundary_bbox: true mining_type: HARD_EXAMPLE sample_size: 5',
    {
      ...{ classes: 3, ignoreCrossing: true, hard: 5 },
    },
  ),
  multiBox('the variance in the target', 'encode_variance_in_target: true', { classes: 3, inTarget: true }),
  multiBox('the variance in the target, L2', 'encode_variance_in_target: true loc_loss_type: L2', {
    ...{ classes: 3, inTarget: true, squared: true },
  }),
  multiBox('the variance in the target, gradients inside', 'encode_variance_in_target: true bp_inside: true', {
    ...{ classes: 3, inTarget: true, inside: true },
  }),
  multiBox(
    'the variance in the target, hard examples',
    'encode_variance_in_target: true mining_type: HARD_EXAMPLE sample_size: 5',
    { classes: 3, inTarget: true, hard: 5 },
  ),
  multiBox(
    'the variance in the target, matched by predictions, gradients inside',
    'encode_variance_in_target: true use_prior_for_matching: false bp_inside: true',
    { classes: 3, inTarget: true, byPrediction: true, inside: true },
  ),
  multiBox('matched by predictions, gradients inside', 'use_prior_for_matching: false bp_inside: true', {
    ...{ classes: 3, byPrediction: true, inside: true },
  }),
];
