import { fixed, learned, type NumericCase, spread } from '../numeric-check.ts';

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
}

/** Of each prior of an image: the row of TRUTH that it is matched with, or undefined; and its largest overlap. */
function match(image: number, ignored: (box: Box) => boolean) {
  const rows = TRUTH.filter(([of]) => of === image);
  const overlaps = BOXES.map((box) => rows.map((row) => (ignored(box) ? 0 : overlapOf(box, row.slice(3, 7)))));
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

const outside = (edge: number): boolean => edge < 0 || edge > 1;

function loss(locations: Float64Array, scores: Float64Array, modes: Modes): number {
  const { classes, hard } = modes;
  let [total, matches] = [0, 0];
  for (const image of [0, 1]) {
    const crosses = (box: Box) => (modes.ignoreCrossing ?? false) && box.some(outside);
    const { partners, overlaps } = match(image, crosses);
    const each = BOXES.map((prior, p) => {
      const row = partners.get(p);
      const label = row ? (modes.agnostic ? 1 : row[1]!) : 0;
      const own = [...scores.slice((image * PRIORS + p) * classes, (image * PRIORS + p + 1) * classes)];
      const confidence = log(own.reduce((sum, score) => sum + exp(score), 0)) - own[label]!;
      let location = 0;
      if (row) {
        encode(prior, row.slice(3, 7)).forEach((target, i) => {
          if (modes.inside && outside(prior[i]!)) return;
          const d = abs(locations[(image * PRIORS + p) * 4 + i]! - target);
          location += d < 1 ? d ** 2 / 2 : d - 0.5;
        });
      }
      return { p, row, confidence, location, crossing: crosses(prior), apart: overlaps[p]! < 0.5 };
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
      learned([2, PRIORS * 4], 31),
      { shape: [2, PRIORS * classes], data: spread([2 * PRIORS * classes], 32), learns: true },
      fixed([1, 2, PRIORS * 4], PRIOR_BLOB),
      fixed([1, 1, TRUTH.length, 8], TRUTH.flat()),
    ],
    topShapes: [[]],
    forward: ([locations, scores]) => [[loss(locations!, scores!, modes)]],
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
];
