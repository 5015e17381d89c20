import { type LossParameter, read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import type { GraphBuilder, Value } from '../../graph/graph-builder.ts';

/** The fields of a `loss_param` that losses read. */
export const LOSS_FIELDS = read('ignore_label', 'normalization', 'normalize');

/**
 * What a loss is divided by: VALID (default) the positions that count, FULL all positions, BATCH_SIZE the images, NONE
 * one; never less than one. The older `normalize: false` means BATCH_SIZE. Source: Caffe's `GetNormalizer`.
 *
 * @param positions `outer` images of `inner` positions; `counted` is 1 where a position counts, undefined if all do.
 */
export function lossNormalizer(
  g: GraphBuilder,
  param: LossParameter | undefined,
  positions: { outer: number; inner: number; counted: Value | undefined },
): Value {
  const { outer, inner, counted } = positions;
  const legacy = param?.normalize === undefined ? 'VALID' : param.normalize ? 'VALID' : 'BATCH_SIZE';
  const normalization = param?.normalization ?? legacy;
  switch (normalization) {
    case 'FULL':
      return g.scalar(Math.max(1, outer * inner));
    case 'BATCH_SIZE':
      return g.scalar(Math.max(1, outer));
    case 'NONE':
      return g.scalar(1);
    default:
      return counted ? ops.max(g, ops.total(g, counted), g.scalar(1)) : g.scalar(Math.max(1, outer * inner));
  }
}
