import * as ops from '../../graph/ops.ts';
import type { GraphBuilder, Value } from '../../graph/graph-builder.ts';

/** The ground truth of a batch, boxes of all images in one list. */
export interface GroundTruth {
  /** Class of each box, [G]. */
  labels: Value;
  /** [G, 4]. */
  boxes: Value;
  /** Whether box g is one of image n, bool [N, 1, G]; a box that does not count is one of none. */
  ofImage: Value;
  /** Image of each box, int64 [G], 0 for boxes of none. */
  images: Value;
}

/** `labels` rows [image, label, instance, xmin, ymin, xmax, ymax, difficult]; image -1 is not a box. */
export function groundTruth(g: GraphBuilder, rows: Value, images: number, difficult: boolean): GroundTruth {
  const count = rows.shape.reduce((a, b) => a * b) / 8;
  const table = ops.reshape(g, rows, [count, 8]);
  const column = (start: number) => ops.reshape(g, ops.slice(g, table, [{ axis: 1, start, length: 1 }]), [count]);
  const image = column(0);
  const valid = difficult ? image : ops.where(g, ops.equal(g, column(7), g.scalar(0)), image, g.scalar(-1));
  const numbers = ops.reshape(g, ops.cast(g, ops.iota(g, [images]), 'float'), [images, 1, 1]);
  return {
    labels: column(1),
    boxes: ops.slice(g, table, [{ axis: 1, start: 3, length: 4 }]),
    ofImage: ops.equal(g, numbers, ops.reshape(g, valid, [1, 1, count])),
    images: ops.cast(g, ops.max(g, image, g.scalar(0)), 'int64'),
  };
}

export interface Matches {
  /** Number of the box that each prior is matched with, -1 for none; int64 [N, P]. */
  boxes: Value;
  /** Largest overlap of each prior with a box of its image, [N, P]. */
  overlaps: Value;
}

/** Overlaps up to this count as none. */
const NO_OVERLAP = 1e-6;

/**
 * Matches priors with boxes. Bipartite: over and over the pair of largest overlap among the boxes and the priors of their
 * image that have no partner yet; images do not meddle with each other, so that all can be done in one order. Then, with
 * a `threshold`, each prior left takes the box that it overlaps most, from the threshold on. Source: `MatchBBox` in SSD's
 * `bbox_util.cpp`.
 *
 * @param overlap of each prior with each box beside its own image's priors, [P, G].
 */
export function matchPriors(
  g: GraphBuilder,
  truth: GroundTruth,
  overlap: Value,
  threshold: number | undefined,
): Matches {
  const [priors, count] = overlap.shape as [number, number];
  const images = truth.ofImage.shape[0]!;
  const none = g.scalar(-1);
  const any = ops.greater(g, ops.reduceMax(g, ops.indicator(g, truth.ofImage), [0, 1]), g.scalar(0));
  const usable = ops.where(g, any, overlap, none);
  let left = ops.where(g, ops.greater(g, usable, g.scalar(NO_OVERLAP)), usable, none);
  let matched = ops.expand(g, g.scalar(0), [priors, count]);
  const cells = ops.iota(g, [priors, count]);
  const sameImage = ops.equal(g, ops.reshape(g, truth.images, [count, 1]), ops.reshape(g, truth.images, [1, count]));
  for (let round = 0; round < count; round++) {
    const best = g.op('ArgMax', [ops.reshape(g, left, [1, priors * count])], { axis: 1, keepdims: 1 }, [1, 1], 'int64');
    const found = ops.greater(g, ops.reduceMax(g, left, [0, 1], true), g.scalar(0));
    const isBest = ops.equal(g, cells, best);
    const hit = g.op('And', [isBest, found], {}, [priors, count], 'bool');
    matched = ops.where(g, hit, g.scalar(1), matched);
    const hits = ops.indicator(g, hit);
    const column = ops.reduceMax(g, hits, [0], true);
    // The prior is taken for all boxes of the image, the box for all priors.
    const row = ops.reduceMax(g, hits, [1], true);
    const imageOfHit = ops.reduceMax(g, ops.where(g, sameImage, column, g.scalar(0)), [1]);
    const taken = ops.max(g, column, ops.mul(g, row, ops.reshape(g, imageOfHit, [1, count])));
    left = ops.where(g, ops.greater(g, taken, g.scalar(0)), none, left);
  }
  const number = ops.cast(g, ops.iota(g, [1, count]), 'float');
  const byImage = (value: Value, otherwise: Value) =>
    ops.where(g, truth.ofImage, ops.reshape(g, value, [1, priors, count]), otherwise);
  const partner = ops.where(g, ops.greater(g, matched, g.scalar(0)), number, none);
  const first = ops.reduceMax(g, byImage(partner, none), [2]);
  const ofImage = byImage(overlap, none);
  const largest = ops.reduceMax(g, ofImage, [2]);
  const overlaps = ops.where(g, ops.greater(g, largest, g.scalar(NO_OVERLAP)), largest, g.scalar(0));
  const bipartite = ops.cast(g, first, 'int64');
  if (threshold === undefined) return { boxes: bipartite, overlaps };
  const most = g.op('ArgMax', [ofImage], { axis: 2, keepdims: 0 }, [images, priors], 'int64');
  const enough = g.op(
    'And',
    [ops.greaterOrEqual(g, largest, g.scalar(threshold)), ops.greater(g, largest, g.scalar(NO_OVERLAP))],
    {},
    largest.shape,
    'bool',
  );
  const second = ops.where(g, enough, most, g.constant('int64', [], [-1]));
  return { boxes: ops.where(g, ops.less(g, first, g.scalar(0)), second, bipartite), overlaps };
}
