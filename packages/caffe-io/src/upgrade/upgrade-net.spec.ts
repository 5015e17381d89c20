import { formatMessage } from 'caffe-prototxt-parser';
import { caffeSchema } from '../caffe-schema.ts';
import { readNetText } from '../read-net-text.ts';

/** Nets before and after: what Caffe's upgrade_net_proto_text makes of them. */
const NETS: [string, string, string][] = [
  [
    'a net of today',
    'layer { name: "a" type: "ReLU" bottom: "x" top: "x" }',
    'layer { name: "a" type: "ReLU" bottom: "x" top: "x" }',
  ],
  [
    '2014: types, shared and weighted parameters',
    `layers {
      name: "conv1" type: CONVOLUTION bottom: "data" top: "conv1"
      blobs_lr: 1 blobs_lr: 2 weight_decay: 1 weight_decay: 0
      param: "w" blob_share_mode: PERMISSIVE
      convolution_param { num_output: 96 kernel_size: 11 stride: 4 weight_filler { type: "gaussian" std: 0.01 } }
      include { phase: TRAIN }
    }
    layers { name: "loss" type: SOFTMAX_LOSS bottom: "fc8" bottom: "label" loss_weight: 2 loss_param { ignore_label: 255 } }`,
    `layer {
      name: "conv1" type: "Convolution" bottom: "data" top: "conv1"
      param { name: "w" share_mode: PERMISSIVE lr_mult: 1 decay_mult: 1 }
      param { lr_mult: 2 decay_mult: 0 }
      include { phase: TRAIN }
      convolution_param { num_output: 96 kernel_size: 11 stride: 4 weight_filler { type: "gaussian" std: 0.01 } }
    }
    layer { name: "loss" type: "SoftmaxWithLoss" bottom: "fc8" bottom: "label" loss_weight: 2 loss_param { ignore_label: 255 } }`,
  ],
  [
    '2014: transformation of data, images and windows',
    `layers { name: "d" type: DATA top: "data" data_param { source: "db" scale: 0.00390625 mean_file: "m" crop_size: 227 mirror: true batch_size: 64 } }
    layers { name: "i" type: IMAGE_DATA top: "img" image_data_param { source: "list" mirror: false } transform_param { scale: 2 } }
    layers { name: "w" type: WINDOW_DATA top: "win" window_data_param { crop_size: 32 fg_threshold: 0.6 } }
    layers { name: "n" type: DATA top: "plain" data_param { source: "db2" } }`,
    `layer { name: "d" type: "Data" top: "data" transform_param { scale: 0.00390625 mirror: true crop_size: 227 mean_file: "m" } data_param { source: "db" batch_size: 64 } }
    layer { name: "i" type: "ImageData" top: "img" transform_param { scale: 2 mirror: false } image_data_param { source: "list" } }
    layer { name: "w" type: "WindowData" top: "win" transform_param { crop_size: 32 } window_data_param { fg_threshold: 0.6 } }
    layer { name: "n" type: "Data" top: "plain" data_param { source: "db2" } }`,
  ],
  [
    '2013: a net of every kind of layer',
    `name: "old"
    layers {
      layer { name: "data" type: "data" source: "db" meanfile: "mean" batchsize: 256 cropsize: 227 mirror: true scale: 0.5 rand_skip: 3 }
      top: "data" top: "label"
    }
    layers {
      layer {
        name: "conv1" type: "conv" num_output: 96 biasterm: false kernelsize: 11 stride: 4 group: 2 pad: 1
        weight_filler { type: "gaussian" std: 0.01 } bias_filler { type: "constant" }
        blobs_lr: 1 blobs_lr: 2 weight_decay: 1 weight_decay: 0
      }
      bottom: "data" top: "conv1"
    }
    layers { layer { name: "relu1" type: "relu" } bottom: "conv1" top: "conv1" }
    layers { layer { name: "pool1" type: "pool" pool: AVE kernelsize: 3 stride: 2 pad: 1 } bottom: "conv1" top: "pool1" }
    layers { layer { name: "norm1" type: "lrn" local_size: 3 alpha: 0.0001 beta: 0.5 k: 2 } bottom: "pool1" top: "norm1" }
    layers { layer { name: "drop" type: "dropout" dropout_ratio: 0.2 } bottom: "norm1" top: "norm1" }
    layers { layer { name: "fc" type: "innerproduct" num_output: 10 biasterm: true } bottom: "norm1" top: "fc" }
    layers { layer { name: "cat" type: "concat" concat_dim: 2 } bottom: "fc" top: "cat" }
    layers { layer { name: "loss" type: "infogain_loss" source: "H" } bottom: "fc" bottom: "label" }
    layers { layer { name: "img" type: "images" source: "list" batchsize: 8 shuffle_images: true new_height: 9 new_width: 7 } top: "img" }
    layers { layer { name: "win" type: "window_data" source: "w" batchsize: 2 det_fg_threshold: 0.6 det_bg_threshold: 0.4 det_fg_fraction: 0.3 det_context_pad: 16 det_crop_mode: "square" } top: "win" }
    layers { layer { name: "h5" type: "hdf5_output" hdf5_output_param { file_name: "o" } } bottom: "fc" }`,
    `name: "old"
    layer { name: "data" type: "Data" top: "data" top: "label" transform_param { scale: 0.5 mirror: true crop_size: 227 mean_file: "mean" } data_param { source: "db" batch_size: 256 rand_skip: 3 } }
    layer {
      name: "conv1" type: "Convolution" bottom: "data" top: "conv1"
      param { lr_mult: 1 decay_mult: 1 } param { lr_mult: 2 decay_mult: 0 }
      convolution_param { num_output: 96 bias_term: false pad: 1 kernel_size: 11 stride: 4 group: 2 weight_filler { type: "gaussian" std: 0.01 } bias_filler { type: "constant" } }
    }
    layer { name: "relu1" type: "ReLU" bottom: "conv1" top: "conv1" }
    layer { name: "pool1" type: "Pooling" bottom: "conv1" top: "pool1" pooling_param { pool: AVE pad: 1 kernel_size: 3 stride: 2 } }
    layer { name: "norm1" type: "LRN" bottom: "pool1" top: "norm1" lrn_param { local_size: 3 alpha: 0.0001 beta: 0.5 k: 2 } }
    layer { name: "drop" type: "Dropout" bottom: "norm1" top: "norm1" dropout_param { dropout_ratio: 0.2 } }
    layer { name: "fc" type: "InnerProduct" bottom: "norm1" top: "fc" inner_product_param { num_output: 10 bias_term: true } }
    layer { name: "cat" type: "Concat" bottom: "fc" top: "cat" concat_param { concat_dim: 2 } }
    layer { name: "loss" type: "InfogainLoss" bottom: "fc" bottom: "label" infogain_loss_param { source: "H" } }
    layer { name: "img" type: "ImageData" top: "img" image_data_param { source: "list" batch_size: 8 shuffle: true new_height: 9 new_width: 7 } }
    layer { name: "win" type: "WindowData" top: "win" window_data_param { source: "w" batch_size: 2 fg_threshold: 0.6 bg_threshold: 0.4 fg_fraction: 0.3 context_pad: 16 crop_mode: "square" } }
    layer { name: "h5" type: "HDF5Output" bottom: "fc" hdf5_output_param { file_name: "o" } }`,
  ],
  [
    '2013: padding layers before convolution and pooling, the blob before them read by another',
    `input: "data" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8
    layers { layer { name: "pad1" type: "padding" pad: 2 } bottom: "data" top: "pad1" }
    layers { layer { name: "conv1" type: "conv" kernelsize: 5 } bottom: "pad1" top: "conv1" }
    layers { layer { name: "pad2" type: "padding" pad: 1 } bottom: "conv1" top: "pad2" }
    layers { layer { name: "pool1" type: "pool" pool: MAX kernelsize: 3 } bottom: "pad2" top: "pool1" }
    layers { layer { name: "relu" type: "relu" } bottom: "data" top: "r" }`,
    `layer { name: "input" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 dim: 8 dim: 8 } } }
    layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1" convolution_param { pad: 2 kernel_size: 5 } }
    layer { name: "pool1" type: "Pooling" bottom: "conv1" top: "pool1" pooling_param { pool: MAX pad: 1 kernel_size: 3 } }
    layer { name: "relu" type: "ReLU" bottom: "data" top: "r" }`,
  ],
  [
    'input_shape of several inputs',
    `input: "a" input: "b" input_shape { dim: 1 dim: 3 } input_shape { dim: 7 }
    layer { name: "r" type: "ReLU" bottom: "a" top: "c" }`,
    `layer { name: "input" type: "Input" top: "a" top: "b" input_param { shape { dim: 1 dim: 3 } shape { dim: 7 } } }
    layer { name: "r" type: "ReLU" bottom: "a" top: "c" }`,
  ],
  [
    'input_dim of several inputs',
    `input: "a" input: "b" ${[1, 3, 32, 32, 1, 1, 1, 10].map((dim) => `input_dim: ${dim}`).join(' ')}`,
    `layer { name: "input" type: "Input" top: "a" top: "b" input_param { shape { dim: 1 dim: 3 dim: 32 dim: 32 } shape { dim: 1 dim: 1 dim: 1 dim: 10 } } }`,
  ],
  [
    'an input without a shape',
    'input: "data" layer { name: "r" type: "ReLU" bottom: "data" top: "r" }',
    `layer { name: "input" type: "Input" top: "data" input_param { } }
    layer { name: "r" type: "ReLU" bottom: "data" top: "r" }`,
  ],
  [
    'an input without a shape that no layer reads',
    'input: "data" input: "info" layer { name: "d" type: "Input" top: "data" }',
    'layer { name: "d" type: "Input" top: "data" }',
  ],
  [
    'an input without a shape that a layer makes, in one phase',
    'input: "data" layer { name: "d" type: "HDF5Data" top: "data" include { phase: TRAIN } }',
    'layer { name: "d" type: "HDF5Data" top: "data" include { phase: TRAIN } }',
  ],
  [
    'two inputs without shapes, one of which a layer makes',
    `input: "data" input: "info" layer { name: "d" type: "Input" top: "data" }
    layer { name: "s" type: "Silence" bottom: "info" }`,
    `layer { name: "input" type: "Input" top: "info" input_param { } }
    layer { name: "d" type: "Input" top: "data" }
    layer { name: "s" type: "Silence" bottom: "info" }`,
  ],
  [
    'an input without a shape that a layer changes in place',
    'input: "data" layer { name: "r" type: "ReLU" bottom: "data" top: "data" }',
    `layer { name: "input" type: "Input" top: "data" input_param { } }
    layer { name: "r" type: "ReLU" bottom: "data" top: "data" }`,
  ],
  [
    'an input with a shape that a layer makes: two layers, as in Caffe',
    'input: "data" input_shape { dim: 1 } layer { name: "d" type: "Input" top: "data" }',
    `layer { name: "input" type: "Input" top: "data" input_param { shape { dim: 1 } } }
    layer { name: "d" type: "Input" top: "data" }`,
  ],
  [
    "BatchNorm's three params go, one or two stay",
    `layer { name: "bn3" type: "BatchNorm" param { lr_mult: 0 } param { lr_mult: 0 } param { lr_mult: 0 } }
    layer { name: "bn1" type: "BatchNorm" param { lr_mult: 0 } }
    layer { name: "s" type: "Scale" param { lr_mult: 1 } param { lr_mult: 1 } param { lr_mult: 1 } }`,
    `layer { name: "bn3" type: "BatchNorm" }
    layer { name: "bn1" type: "BatchNorm" param { lr_mult: 0 } }
    layer { name: "s" type: "Scale" param { lr_mult: 1 } param { lr_mult: 1 } param { lr_mult: 1 } }`,
  ],
];

test.each(NETS)('%s', (_, before, after) => {
  const old = readNetText(before, 'old');
  const today = readNetText(after, 'today');
  expect([...old.diagnostics, ...today.diagnostics]).toEqual([]);
  const schema = caffeSchema('NetParameter');
  expect(formatMessage(old.net, schema)).toBe(formatMessage(today.net, schema));
});

test('every layer type of 2014 has a name of today', () => {
  const field = caffeSchema('V1LayerParameter').fields.get('type');
  const types = field?.kind === 'enum' ? [...field.enum.values.keys()] : [];
  expect(types).toHaveLength(42);
  const { net } = readNetText(types.map((type) => `layers { type: ${type} }`).join('\n'), 'n');
  expect(new Set(net.layer.map(({ type }) => type)).size).toBe(types.length);
});

describe('what cannot be carried over is reported where it stands', () => {
  test.each([
    [
      'an unknown type of 2013',
      'layers {\n layer { name: "l" type: "dream" }\n}',
      2,
      'unknown-layer-type',
      '"dream" is not a layer type of a net of 2013',
    ],
    [
      'a field that the type does not have',
      'layers {\n layer { name: "l" type: "relu"\n num_output: 3 }\n}',
      3,
      'ignored-field',
      'a layer of type "relu" has no `num_output`; Caffe ignores it',
    ],
    [
      'padding before a layer that takes none',
      'layers { layer { name: "p" type: "padding" } bottom: "d" top: "p" }\nlayers { layer { name: "r" type: "relu" } bottom: "p" top: "r" }',
      2,
      'padding-layer',
      'the padding layer "p" can only be read by a conv or pool layer, one blob each',
    ],
    [
      'both kinds of layers',
      'layers { name: "a" type: RELU }\nlayer { name: "b" type: "ReLU" }',
      2,
      'mixed-layers',
      'the net has both `layers` and `layer`; Caffe reads only `layers` then',
    ],
    [
      'too few dimensions',
      'input: "a"\ninput_dim: 1\ninput_dim: 3',
      2,
      'input-shape',
      '1 `input` need 4 `input_dim`, there are 2',
    ],
  ])('%s', (_, text, line, code, message) => {
    const { diagnostics } = readNetText(text, 'net.prototxt');
    expect(diagnostics).toEqual([expect.objectContaining({ file: 'net.prototxt', line, code, message })]);
  });
});
