import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import * as ops from '../graph/ops.ts';
import type { SolverMessage } from './solver-message.ts';

const { fround } = Math;

/** What all blobs of a net are held to before an iteration subtracts its steps from them; float32. */
export interface WeightBounds {
  /** The largest L2 norm of all blobs together: `clip_weights`. */
  readonly norm: number | undefined;
  /** The range of every single weight: `clamp_weights_lower` and `clamp_weights_upper`. */
  readonly range: { readonly min: number; readonly max: number } | undefined;
}

/** What caffe-windows clamps to at an end that is not set, where the other is. */
const DEFAULT_RANGE = { min: -999999.9, max: 999999.9 };

export function weightBounds(solver: SolverMessage): WeightBounds | undefined {
  const { clip_weights = -1, clamp_weights_lower: lower, clamp_weights_upper: upper } = solver;
  const isClamped = lower !== undefined || upper !== undefined;
  if (clip_weights < 0 && !isClamped) return undefined;
  const { min, max } = DEFAULT_RANGE;
  return {
    norm: clip_weights < 0 ? undefined : fround(clip_weights),
    range: isClamped ? { min: fround(lower ?? min), max: fround(upper ?? max) } : undefined,
  };
}

/**
 * All blobs of a net within the bounds: first scaled together to the norm where theirs is larger, then clamped one by one.
 * The step of the iteration, which is made from the blobs as they were, is subtracted afterwards, so that trained weights
 * may lie beyond the bounds by one step. Source: caffe-windows' `SGDSolver::ApplyUpdate`, `ClipWeights` and `ClampWeights`.
 */
export function boundWeights(g: GraphBuilder, { norm: limit, range }: WeightBounds, blobs: readonly Value[]): Value[] {
  const scaled = limit === undefined || blobs.length === 0 ? blobs : scaleTo(g, limit, blobs);
  if (!range) return [...scaled];
  return scaled.map((blob) => ops.min(g, ops.max(g, blob, g.scalar(range.min)), g.scalar(range.max)));
}

function scaleTo(g: GraphBuilder, limit: number, blobs: readonly Value[]): Value[] {
  const norm = ops.sqrt(
    g,
    ops.sum(
      g,
      blobs.map((blob) => ops.total(g, ops.mul(g, blob, blob))),
    ),
  );
  const isLarger = ops.greater(g, norm, g.scalar(limit));
  const factor = ops.where(g, isLarger, ops.div(g, g.scalar(limit), norm), g.scalar(1));
  return blobs.map((blob) => ops.mul(g, blob, factor));
}
