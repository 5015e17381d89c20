import type { LayerParameter, V0LayerParameter, V1LayerParameter_LayerType } from '../generated/caffe.ts';

/** V0's layer types, and V1's names for them. */
export const V0_TYPES: Readonly<Record<string, V1LayerParameter_LayerType>> = {
  accuracy: 'ACCURACY',
  bnll: 'BNLL',
  concat: 'CONCAT',
  conv: 'CONVOLUTION',
  data: 'DATA',
  dropout: 'DROPOUT',
  euclidean_loss: 'EUCLIDEAN_LOSS',
  flatten: 'FLATTEN',
  hdf5_data: 'HDF5_DATA',
  hdf5_output: 'HDF5_OUTPUT',
  im2col: 'IM2COL',
  images: 'IMAGE_DATA',
  infogain_loss: 'INFOGAIN_LOSS',
  innerproduct: 'INNER_PRODUCT',
  lrn: 'LRN',
  multinomial_logistic_loss: 'MULTINOMIAL_LOGISTIC_LOSS',
  pool: 'POOLING',
  relu: 'RELU',
  sigmoid: 'SIGMOID',
  softmax: 'SOFTMAX',
  softmax_loss: 'SOFTMAX_LOSS',
  split: 'SPLIT',
  tanh: 'TANH',
  window_data: 'WINDOW_DATA',
};

type ParamName = Extract<keyof LayerParameter, `${string}_param`>;

/** Where a V0 field goes: by layer type, or for every type. */
export interface V0Destination {
  field: string;
  /** Message of the layer by V0 type, or the one for all types. */
  params: Readonly<Record<string, ParamName>> | ParamName;
}

const CONV_IP = { conv: 'convolution_param', innerproduct: 'inner_product_param' } as const;
const CONV_POOL = { conv: 'convolution_param', pool: 'pooling_param' } as const;
const LRN = { lrn: 'lrn_param' } as const;
const IMAGES = { images: 'image_data_param' } as const;
const WINDOW = { window_data: 'window_data_param' } as const;
const DATA = { data: 'data_param', ...IMAGES } as const;

/** Caffe's UpgradeV0LayerParameter as a table, in its order. */
export const V0_FIELDS: readonly (readonly [keyof V0LayerParameter, V0Destination])[] = [
  ['num_output', { field: 'num_output', params: CONV_IP }],
  ['biasterm', { field: 'bias_term', params: CONV_IP }],
  ['weight_filler', { field: 'weight_filler', params: CONV_IP }],
  ['bias_filler', { field: 'bias_filler', params: CONV_IP }],
  ['pad', { field: 'pad', params: CONV_POOL }],
  ['kernelsize', { field: 'kernel_size', params: CONV_POOL }],
  ['group', { field: 'group', params: { conv: 'convolution_param' } }],
  ['stride', { field: 'stride', params: CONV_POOL }],
  ['pool', { field: 'pool', params: { pool: 'pooling_param' } }],
  ['dropout_ratio', { field: 'dropout_ratio', params: { dropout: 'dropout_param' } }],
  ['local_size', { field: 'local_size', params: LRN }],
  ['alpha', { field: 'alpha', params: LRN }],
  ['beta', { field: 'beta', params: LRN }],
  ['k', { field: 'k', params: LRN }],
  [
    'source',
    {
      field: 'source',
      params: { ...DATA, ...WINDOW, hdf5_data: 'hdf5_data_param', infogain_loss: 'infogain_loss_param' },
    },
  ],
  ['scale', { field: 'scale', params: 'transform_param' }],
  ['meanfile', { field: 'mean_file', params: 'transform_param' }],
  ['batchsize', { field: 'batch_size', params: { ...DATA, ...WINDOW, hdf5_data: 'hdf5_data_param' } }],
  ['cropsize', { field: 'crop_size', params: 'transform_param' }],
  ['mirror', { field: 'mirror', params: 'transform_param' }],
  ['rand_skip', { field: 'rand_skip', params: DATA }],
  ['shuffle_images', { field: 'shuffle', params: IMAGES }],
  ['new_height', { field: 'new_height', params: IMAGES }],
  ['new_width', { field: 'new_width', params: IMAGES }],
  ['concat_dim', { field: 'concat_dim', params: { concat: 'concat_param' } }],
  ['det_fg_threshold', { field: 'fg_threshold', params: WINDOW }],
  ['det_bg_threshold', { field: 'bg_threshold', params: WINDOW }],
  ['det_fg_fraction', { field: 'fg_fraction', params: WINDOW }],
  ['det_context_pad', { field: 'context_pad', params: WINDOW }],
  ['det_crop_mode', { field: 'crop_mode', params: WINDOW }],
];
