import * as ops from '../../graph/ops.ts';
import { elementCount, type GraphBuilder, type Value } from '../../graph/graph-builder.ts';
import { decodeBoxes, encodeBoxes, overlaps } from './box-values.ts';
import { check, layerKernel } from '../layer.ts';
import { groundTruth, matchPriors, type GroundTruth, type Matches } from './multibox-matching.ts';
import type { Normalization } from '../loss/loss-normalization.ts';
import { MULTIBOX_FIELDS, type MultiBoxSettings, multiBoxSettings } from './multibox-settings.ts';
import { logistic, smooth, softmax, squared } from './multibox-terms.ts';

/**
 * MultiBoxLoss of SSD: locations [N, P classes 4] and scores [N, P C] beside priors [1, 2, P 4] and ground truth
 * [1, 1, G, 8]. Priors are matched with boxes; the loss is `loc_weight` times that of the matched priors' locations, plus
 * that of the scores of matched priors and mined negatives, divided by the number of matches (or as `normalization`
 * says). Matching and mining are part of the graph, with no gradient of their own.
 *
 * With `encode_variance_in_target` boxes are encoded without the priors' variances, and the loss is that of
 * (prediction - target) / variance; the layer hands back its gradient by this quotient as if it were the one by the
 * prediction, without another division. Sources: SSD's `multibox_loss_layer.cpp`, `EncodeLocPrediction` in
 * `bbox_util.cpp`.
 */
export const multiBoxLoss = layerKernel({
  type: 'MultiBoxLoss',
  loss: true,
  bottoms: 4,
  tops: 1,
  fields: MULTIBOX_FIELDS,
  settings: multiBoxSettings,
  lower({ g, settings, bottoms, warn }) {
    if (settings.hasUnusedNms) warn?.('nms_param has no effect without mining');
    const [locations, scores, priorBlob, labels] = bottoms as [Value, Value, Value, Value];
    const images = locations.shape[0]!;
    const priors = elementCount(priorBlob.shape) / 8;
    const { classes, shared, background } = settings;
    const locationClasses = shared ? 1 : classes;
    check(
      elementCount(locations.shape) === images * priors * locationClasses * 4,
      () => `locations [${locations.shape.join(', ')}] do not fit ${priors} priors`,
    );
    check(
      elementCount(scores.shape) === images * priors * classes,
      () => `scores [${scores.shape.join(', ')}] do not fit ${priors} priors and ${classes} classes`,
    );
    const loc = ops.reshape(g, locations, [images, priors, locationClasses, 4]);
    const conf = ops.reshape(g, scores, [images, priors, classes]);
    const halves = ops.reshape(g, priorBlob, [2, priors, 4]);
    const half = (start: number) => ops.reshape(g, ops.slice(g, halves, [{ axis: 0, start, length: 1 }]), [priors, 4]);
    const boxes = half(0);
    const variance = half(1);
    const variances = settings.varianceInTarget ? undefined : variance;

    const truth = groundTruth(g, labels, images, settings.difficult);
    const predicted = () => decodeBoxes(g, settings.code, boxes, variances, ops.reshape(g, loc, [images, priors, 4]));
    const matched = settings.matchPriors ? undefined : predicted();
    const crossing = settings.ignoreCrossing
      ? crossingBoxes(g, matched ?? ops.reshape(g, boxes, [1, priors, 4]))
      : undefined;
    const overlap = priorOverlaps(g, truth, boxes, matched);
    const matches = matchPriors(g, truth, withoutCrossing(g, truth, overlap, crossing), settings.threshold);
    const found = ops.greaterOrEqual(g, matches.boxes, g.constant('int64', [], [0]));
    const partner = ops.max(g, matches.boxes, g.constant('int64', [], [0]));
    const gathered = (value: Value, more: number[]) =>
      g.op('Gather', [value, partner], { axis: 0 }, [images, priors, ...more]);
    const ofBox = settings.agnostic ? g.scalar(background + 1) : gathered(truth.labels, []);
    const label = ops.where(g, found, ofBox, g.scalar(background));

    // Scores.
    const ofLabel = ops.indicator(
      g,
      ops.equal(g, ops.cast(g, ops.reshape(g, label, [images, priors, 1]), 'int64'), ops.iota(g, [1, 1, classes])),
    );
    const confidence = settings.confidence === 'LOGISTIC' ? logistic(g, conf, ofLabel) : softmax(g, conf, ofLabel);

    // Locations of the label's class, beside the box that the prior is matched with.
    const target = encodeBoxes(g, settings.code, boxes, variances, gathered(truth.boxes, [4]));
    const ofClass = shared ? undefined : ops.reshape(g, ofLabel, [images, priors, classes, 1]);
    const own = ofClass ? ops.reduceSum(g, ops.mul(g, loc, ofClass), [2]) : ops.reshape(g, loc, [images, priors, 4]);
    const asColumn = (value: Value) => ops.reshape(g, value, [images, priors, 1]);
    // What is encoded without the variances is divided by them here; `location.slopes` are handed back without that factor.
    const byVariance = (value: Value) => (settings.varianceInTarget ? ops.div(g, value, variance) : value);
    const anywhere = ops.where(g, asColumn(found), ops.sub(g, byVariance(own), byVariance(target)), g.scalar(0));
    const difference = settings.inside
      ? ops.where(g, outsideImage(g, matched ?? ops.reshape(g, boxes, [1, priors, 4])), g.scalar(0), anywhere)
      : anywhere;
    const location = settings.location === 'SMOOTH_L1' ? smooth(g, difference) : squared(g, difference);

    const losses = { confidence: confidence.losses, location: location.losses };
    const { positive, negative } = mine(g, truth, matches, found, losses, crossing, settings);
    const counted = settings.mining === 'NONE' ? undefined : ops.max(g, positive, negative);
    const matchCount = ops.total(g, positive);
    const normalizer = boxNormalizer(g, settings.normalization, matchCount, images, priors);
    const locationLoss = ops.mul(g, ops.total(g, ops.mul(g, location.losses, positive)), g.scalar(settings.locWeight));
    const confidenceLoss = ops.total(g, counted ? ops.mul(g, confidence.losses, counted) : confidence.allLosses(found));
    return {
      tops: [ops.div(g, ops.add(g, locationLoss, confidenceLoss), normalizer)],
      backward([weight], needs) {
        const factor = ops.div(g, weight!, normalizer);
        const dloc = () => {
          const slope = ops.mul(g, ops.mul(g, location.slopes, asColumn(positive)), g.scalar(settings.locWeight));
          const each = ops.reshape(g, ops.mul(g, slope, factor), [images, priors, 1, 4]);
          return ops.reshape(g, ofClass ? ops.mul(g, each, ofClass) : each, locations.shape);
        };
        const dconf = () => {
          const slope = counted
            ? ops.mul(g, confidence.slopes, asColumn(counted))
            : confidence.allSlopes(asColumn(found));
          return ops.reshape(g, ops.mul(g, slope, factor), scores.shape);
        };
        return {
          bottoms: [
            needs.bottoms[0] ? dloc() : undefined,
            needs.bottoms[1] ? dconf() : undefined,
            undefined,
            undefined,
          ],
        };
      },
    };
  },
});

/** [P, G]: of each box with the priors, or with what its own image's predictions [N, P, 4] mean. */
function priorOverlaps(g: GraphBuilder, truth: GroundTruth, priors: Value, predicted: Value | undefined): Value {
  const [count] = truth.boxes.shape as [number];
  const [length] = priors.shape as [number];
  if (!predicted) {
    return overlaps(g, ops.reshape(g, priors, [length, 1, 4]), ops.reshape(g, truth.boxes, [1, count, 4]));
  }
  const ofBoxes = g.op('Gather', [predicted, truth.images], { axis: 0 }, [count, length, 4]);
  const byBox = overlaps(g, ofBoxes, ops.reshape(g, truth.boxes, [count, 1, 4]));
  return ops.transpose(g, byBox, [1, 0]);
}

/** Which edges of boxes [.., P, 4] lie beyond the image, as bool. */
function outsideImage(g: GraphBuilder, boxes: Value): Value {
  const [below, above] = [ops.less(g, boxes, g.scalar(0)), ops.greater(g, boxes, g.scalar(1))];
  return g.op('Or', [below, above], {}, boxes.shape, 'bool');
}

/** Which boxes [N, P, 4] reach beyond the image, as 0 and 1 [N, P]. */
const crossingBoxes = (g: GraphBuilder, boxes: Value): Value =>
  ops.reduceMax(g, ops.indicator(g, outsideImage(g, boxes)), [2]);

/** The overlaps [P, G] with those of crossing boxes ([N, P], or [1, P] for all images) as 0: they are never matched. */
function withoutCrossing(g: GraphBuilder, truth: GroundTruth, overlap: Value, crossing: Value | undefined): Value {
  if (!crossing) return overlap;
  const [priors, count] = overlap.shape as [number, number];
  const ofBoxes =
    crossing.shape[0] === 1 ? crossing : g.op('Gather', [crossing, truth.images], { axis: 0 }, [count, priors]);
  return ops.where(g, ops.greater(g, ops.transpose(g, ofBoxes, [1, 0]), g.scalar(0)), g.scalar(0), overlap);
}

/** Less than any loss; finite, since WebGPU's TopK loses the places of infinities. */
const UNRANKED = -3e38;

/**
 * Which priors' scores count, as 0 and 1 [N, P]: matched ones, and mined negatives. Crossing boxes are not negatives, though
 * HARD_EXAMPLE counts them among its samples.
 */
function mine(
  g: GraphBuilder,
  truth: GroundTruth,
  matches: Matches,
  found: Value,
  { confidence, location }: { confidence: Value; location: Value },
  crossing: Value | undefined,
  { mining, negativeRatio, negativeOverlap, sampleSize }: MultiBoxSettings,
): { positive: Value; negative: Value } {
  const positive = ops.indicator(g, found);
  const [images, priors] = positive.shape as [number, number];
  if (mining === 'NONE') return { positive, negative: ops.zeros(g, [images, priors]) };
  const hard = mining === 'HARD_EXAMPLE';
  const hasBoxes = ops.reshape(g, ops.reduceMax(g, ops.indicator(g, truth.ofImage), [1, 2]), [images, 1]);
  const apart = ops.indicator(g, ops.less(g, matches.overlaps, g.scalar(negativeOverlap)));
  const free = ops.sub(g, g.scalar(1), positive);
  const within = crossing && ops.sub(g, g.scalar(1), crossing);
  const whole = (value: Value) => (within ? ops.mul(g, value, within) : value);
  const candidates = hard ? ops.expand(g, g.scalar(1), [images, priors]) : whole(ops.mul(g, free, apart));
  const eligible = ops.mul(g, candidates, hasBoxes);
  const losses = hard ? ops.add(g, confidence, location) : confidence;
  const ranked = ops.where(g, ops.greater(g, eligible, g.scalar(0)), losses, g.scalar(UNRANKED));
  const [, order] = g.multi('TopK', [ranked, g.ints([priors])], { axis: 1, largest: 1, sorted: 1 }, [
    { shape: [images, priors], type: 'float' },
    { shape: [images, priors], type: 'int64' },
  ]) as [Value, Value];
  const wanted = hard
    ? g.scalar(sampleSize)
    : ops.floor(g, ops.mul(g, ops.reduceSum(g, positive, [1], true), g.scalar(negativeRatio)));
  const limit = ops.min(g, ops.reduceSum(g, eligible, [1], true), wanted);
  const ranks = ops.cast(g, ops.iota(g, [1, priors]), 'float');
  const chosenByRank = ops.indicator(g, ops.less(g, ranks, limit));
  const chosen = g.op('ScatterElements', [ops.zeros(g, [images, priors]), order, chosenByRank], { axis: 1 }, [
    images,
    priors,
  ]);
  return { positive: hard ? ops.mul(g, positive, chosen) : positive, negative: whole(ops.mul(g, free, chosen)) };
}

function boxNormalizer(
  g: GraphBuilder,
  normalization: Normalization,
  matches: Value,
  images: number,
  priors: number,
): Value {
  switch (normalization) {
    case 'FULL':
      return g.scalar(images * priors);
    case 'BATCH_SIZE':
      return g.scalar(images);
    case 'NONE':
      return g.scalar(1);
    case 'VALID':
      return ops.max(g, matches, g.scalar(1));
  }
}
