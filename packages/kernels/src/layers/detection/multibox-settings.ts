import { type LayerFields, read } from '@caffe-quant/caffe-io';
import { check } from '../layer.ts';
import { LOSS_FIELDS, lossSettings, type Normalization } from '../loss/loss-normalization.ts';
import type { CodeType } from './boxes.ts';

/** The fields that MultiBoxLoss reads. */
export const MULTIBOX_FIELDS = {
  multibox_loss_param: {
    ...read('loc_loss_type', 'conf_loss_type', 'loc_weight', 'num_classes', 'share_location', 'match_type'),
    ...read('overlap_threshold', 'use_prior_for_matching', 'background_label_id', 'use_difficult_gt'),
    ...read('do_neg_mining', 'neg_pos_ratio', 'neg_overlap', 'code_type', 'encode_variance_in_target'),
    ...read('map_object_to_agnostic', 'ignore_cross_boundary_bbox', 'bp_inside', 'mining_type', 'nms_param'),
    ...read('sample_size'),
    use_prior_for_nms: 'what nms_param would use',
  },
  loss_param: { ...LOSS_FIELDS, ignore_label: 'SSD reads how to normalize, nothing else' },
} as const;

/** What a `multibox_loss_param` and `loss_param` say. */
export interface MultiBoxSettings {
  readonly classes: number;
  /** One prediction of a location is that of all classes. */
  readonly shared: boolean;
  /** The class of what is nothing; -1: there is none. */
  readonly background: number;
  readonly mining: 'NONE' | 'MAX_NEGATIVE' | 'HARD_EXAMPLE';
  /** Boxes of the ground truth are matched with priors, not with what is predicted. */
  readonly matchPriors: boolean;
  /** All boxes are of one class, whatever their label. */
  readonly agnostic: boolean;
  /** Boxes that reach beyond the image are matched with nothing. */
  readonly ignoreCrossing: boolean;
  /** Coordinates beyond the image teach nothing. */
  readonly inside: boolean;
  readonly location: 'SMOOTH_L1' | 'L2';
  readonly confidence: 'SOFTMAX' | 'LOGISTIC';
  /** Of the loss of the locations beside that of the scores. */
  readonly locWeight: number;
  /** The least overlap of a match, in [0, 1]; absent: each box has one prior, the best. */
  readonly threshold: number | undefined;
  /** Boxes that are marked as difficult are matched too. */
  readonly difficult: boolean;
  /** How many negatives are mined for each match. */
  readonly negativeRatio: number;
  /** What a negative's overlap must be below, in [0, 1]. */
  readonly negativeOverlap: number;
  /** How many examples of an image HARD_EXAMPLE takes. */
  readonly sampleSize: number;
  readonly code: CodeType;
  /** Locations are predicted without the priors' variances. */
  readonly varianceInTarget: boolean;
  readonly normalization: Normalization;
  /** There is an `nms_param`, and nothing that it would change. */
  readonly hasUnusedNms: boolean;
}

/** @throws LayerError for what SSD refuses, and for what is not supported. */
export function multiBoxSettings({
  multibox_loss_param: param = {},
  loss_param: loss,
}: LayerFields<typeof MULTIBOX_FIELDS>): MultiBoxSettings {
  const classes = param.num_classes ?? 0;
  check(classes > 0, () => 'num_classes is missing');
  const shared = param.share_location ?? true;
  const mining = param.mining_type ?? (param.do_neg_mining === false ? 'NONE' : 'MAX_NEGATIVE');
  check(
    shared || mining === 'NONE',
    () => 'mining with share_location: false is refused by SSD too: set mining_type: NONE',
  );
  const matchPriors = param.use_prior_for_matching ?? true;
  check(shared || matchPriors, () => 'share_location: false with use_prior_for_matching: false is not supported');
  const isMined = mining !== 'NONE';
  check(!isMined || param.nms_param === undefined, () => 'nms_param is not supported: mining goes by the loss alone');
  const background = param.background_label_id ?? 0;
  const agnostic = param.map_object_to_agnostic ?? false;
  check(
    !agnostic || (shared && classes === (background >= 0 ? 2 : 1)),
    () => 'map_object_to_agnostic needs share_location: true and one class beside the background',
  );
  check(mining !== 'HARD_EXAMPLE' || (param.sample_size ?? 64) > 0, () => 'sample_size must be positive');
  return {
    classes,
    shared,
    mining,
    matchPriors,
    background,
    agnostic,
    ignoreCrossing: param.ignore_cross_boundary_bbox ?? false,
    inside: param.bp_inside ?? false,
    location: param.loc_loss_type ?? 'SMOOTH_L1',
    confidence: param.conf_loss_type ?? 'SOFTMAX',
    locWeight: param.loc_weight ?? 1,
    threshold: param.match_type === 'BIPARTITE' ? undefined : (param.overlap_threshold ?? 0.5),
    difficult: param.use_difficult_gt ?? true,
    negativeRatio: param.neg_pos_ratio ?? 3,
    negativeOverlap: param.neg_overlap ?? 0.5,
    sampleSize: param.sample_size ?? 64,
    code: param.code_type ?? 'CORNER',
    varianceInTarget: param.encode_variance_in_target ?? false,
    normalization: lossSettings(loss).normalization,
    hasUnusedNms: param.nms_param !== undefined,
  };
}
