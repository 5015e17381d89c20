import { type MessageUse, read } from '@caffe-quant/caffe-io';

/** Why a field that chooses among Caffe's implementations of a layer changes nothing here. */
export const ENGINE = 'chooses among implementations of the same mathematics';

/** Why a field that chooses how precise numbers are changes nothing here. */
export const PRECISION = 'everything is computed in float32 here';

/** The fields that a layer of any type may have. */
export const COMMON_FIELDS: MessageUse = {
  ...read('name', 'type', 'bottom', 'top', 'phase', 'loss_weight', 'propagate_down', 'include', 'exclude'),
  param: read('name', 'lr_mult', 'decay_mult', 'share_mode'),
  forward_type: PRECISION,
  backward_type: PRECISION,
  forward_math: PRECISION,
  backward_math: PRECISION,
  cudnn_math_override: ENGINE,
  engine: ENGINE,
  debug: 'prints what a layer computes',
  multinode: 'spreads a layer over several machines',
};
