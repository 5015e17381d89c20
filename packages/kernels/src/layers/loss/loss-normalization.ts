import { type LayerFields, read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import type { GraphBuilder, Value } from '../../graph/graph-builder.ts';

/** The fields of a `loss_param` that losses read. */
export const LOSS_FIELDS = {
  ...read('ignore_label', 'normalize'),
  normalization: new Set(['FULL', 'VALID', 'BATCH_SIZE', 'NONE'] as const),
} as const;

/** What they say. */
export interface LossSettings {
  /** The label of positions that do not count; absent: all do. */
  readonly ignoreLabel: number | undefined;
  readonly normalization: Normalization;
}

/** What a loss is divided by: the positions that count, all positions, the images, or one. */
export type Normalization = 'VALID' | 'FULL' | 'BATCH_SIZE' | 'NONE';

export type LossFields = LayerFields<{ loss_param: typeof LOSS_FIELDS }>['loss_param'];

/** The older `normalize: false` means BATCH_SIZE. `otherwise`: where neither field is set. */
export function lossSettings(param: LossFields, otherwise: Normalization = 'VALID'): LossSettings {
  const older = param?.normalize === undefined ? otherwise : param.normalize ? 'VALID' : 'BATCH_SIZE';
  return { ignoreLabel: param?.ignore_label, normalization: param?.normalization ?? older };
}

/**
 * What a loss is divided by, never less than one. Source: Caffe's `GetNormalizer`.
 *
 * @param positions `outer` images of `inner` positions; `counted` is 1 where a position counts, undefined if all do.
 */
export function lossNormalizer(
  g: GraphBuilder,
  { normalization }: LossSettings,
  positions: { outer: number; inner: number; counted: Value | undefined },
): Value {
  const { outer, inner, counted } = positions;
  switch (normalization) {
    case 'FULL':
      return g.scalar(Math.max(1, outer * inner));
    case 'BATCH_SIZE':
      return g.scalar(Math.max(1, outer));
    case 'NONE':
      return g.scalar(1);
    case 'VALID':
      return counted ? ops.max(g, ops.total(g, counted), g.scalar(1)) : g.scalar(Math.max(1, outer * inner));
  }
}
