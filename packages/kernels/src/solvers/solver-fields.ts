import { type MessageUse, read, without } from '@caffe-quant/caffe-io';

/** What is made of the fields of a SolverParameter, whoever's Caffe they are of. */
export const SOLVER_FIELDS: MessageUse = {
  ...read(
    'net',
    'net_param',
    'train_net',
    'train_net_param',
    'test_net',
    'test_net_param',
    'train_state',
    'test_state',
  ),
  ...read('test_iter', 'test_interval', 'test_initialization', 'display', 'average_loss', 'max_iter', 'iter_size'),
  ...read('base_lr', 'lr_policy', 'gamma', 'power', 'stepsize', 'stepvalue', 'stagelr', 'stageiter'),
  ...read('warmup_iter', 'warmup_start_lr', 'rampup_interval', 'rampup_lr', 'min_lr', 'plateau_winsize'),
  ...read('momentum', 'momentum_policy', 'momentum_power', 'max_momentum', 'momentum2', 'rms_decay', 'delta'),
  ...read('weight_decay', 'weight_decay_policy', 'weight_decay_power', 'max_weight_decay', 'regularization_type'),
  ...read('clip_gradients', 'clip_weights', 'clamp_weights_lower', 'clamp_weights_upper'),
  ...read('local_lr_auto', 'local_gw_ratio'),
  ...read('larc', 'larc_policy', 'larc_eta', 'random_seed', 'type', 'solver_type', 'ap_version', 'weights'),
  ...without('training is kept and resumed by the build itself', 'snapshot', 'snapshot_prefix', 'snapshot_diff'),
  ...without('training is kept and resumed by the build itself', 'snapshot_format', 'snapshot_after_train'),
  ...without('training is kept and resumed by the build itself', 'store_blobs_in_old_format'),
  ...without('says where it is computed', 'solver_mode', 'device_id', 'group_id', 'engine', 'layer_wise_reduce'),
  ...without('says where blobs lie in memory', 'richness'),
  ...without('prints more', 'debug_info', 'show_per_class_result', 'test_compute_loss'),
  solver_data_type: 'everything is computed in float32 here',
  eval_type: 'what is measured follows from the layers of the TEST net',
  test_and_snapshot_last_epochs: 'adds tests and snapshots to the end of a training',
};
