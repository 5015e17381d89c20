import { clip, cw, name, type } from './plan-case.ts';
import type { PlanCase } from './plan-case.ts';

const WAIFU = 'models/waifu2x-upresnet10/scale2.0x_model.prototxt';
const LANDMARK = 'models/deep-landmark/1_F.prototxt';
const LANES = 'models/tusimple-lane-seg/mobilenet_yolov3_lite_deploy.prototxt';
const SIAMESE = 'corpus/BVLC__caffe/examples/siamese/mnist_siamese_train_test.prototxt';
const KERAS =
  'corpus/foss-for-synopsys-dwc-arc-processors__synopsys-caffe-models/caffe_models/lenet/caffe_model/lenet_convert_optimized.prototxt';

export const BRANCHES_AND_FORKS: PlanCase[] = [
  {
    what: 'a residual net with leaky ReLUs, global pooling, custom layers and a Deconvolution',
    net: WAIFU,
    cfg: clip(6) + cw(true) + type('InnerProduct', clip(3) + cw(false)) + name('/conv_post', clip(1) + cw(false)),
    lines: [
      'data: ~Input',
      '/conv_pre: [-6, 6] per channel',
      '/conv_pre_relu: ~ReLU',
      ...[1, 2, 3, 4, 5].flatMap((n) => [
        `/res${n}/conv1: [-6, 6] per channel`,
        `/res${n}/conv1_relu: ~ReLU`,
        `/res${n}/conv2: [-6, 6] per channel`,
        `/res${n}/conv2_relu: ~ReLU`,
        `/res${n}/fc1_globalavgpool: ~global`,
        `/res${n}/fc1: [-3, 3] per tensor`,
        `/res${n}/fc1_relu: ~ReLU`,
        `/res${n}/fc2: [-3, 3] from 0 per tensor`,
        `/res${n}/fc2_sigmoid: ~Sigmoid`,
        `/res${n}/crop: ~CropCenter`,
        `/res${n}/axpy: ~Axpy`,
      ]),
      '/conv_bridge: [-6, 6] per channel',
      '/conv_bridge_relu: ~ReLU',
      '/crop: ~CropCenter',
      '/add: ~Eltwise',
      '/conv_post: [-1, 1] per tensor',
    ],
  },
  {
    what: 'two branches that share their weights',
    net: SIAMESE,
    cfg: clip(6) + cw(true) + type('InnerProduct', clip(6) + cw(false)) + 'skip_layers: ["feat", "feat_p"]\n',
    lines: [
      'pair_data: ~Data',
      'slice_pair: ~Slice',
      ...['', '_p'].flatMap((p) => [
        `conv1${p}: [-6, 6] per channel`,
        `pool1${p}: ~MAX`,
        `conv2${p}: [-6, 6] per channel`,
        `pool2${p}: ~MAX`,
        `ip1${p}: [-6, 6] per tensor`,
        `relu1${p}: ~ReLU`,
        `ip2${p}: [-6, 6] from 0 per tensor`,
        `feat${p}: ~skip`,
      ]),
      'loss: ~ContrastiveLoss',
    ],
    // A skip by name stands above an override by type; AMCT has it the other way round.
    said: ['warning compat-differs feat', 'warning compat-differs feat_p'],
  },
  {
    what: 'two branches that would share one blob, quantized and not',
    net: SIAMESE,
    cfg: clip(6) + cw(false) + 'skip_layers: "ip2"\n' + name('conv1_p', cw(true) + clip(6)),
    lines: [
      'pair_data: ~Data',
      'slice_pair: ~Slice',
      'conv1: [-6, 6] per tensor',
      'pool1: ~MAX',
      'conv2: [-6, 6] per tensor',
      'pool2: ~MAX',
      'ip1: [-6, 6] per tensor',
      'relu1: ~ReLU',
      'ip2: ~skip',
      'feat: [-6, 6] per tensor',
      'conv1_p: [-6, 6] per channel',
      'pool1_p: ~MAX',
      'conv2_p: [-6, 6] per tensor',
      'pool2_p: ~MAX',
      'ip1_p: [-6, 6] per tensor',
      'relu1_p: ~ReLU',
      'ip2_p: [-6, 6] from 0 per tensor',
      'feat_p: [-6, 6] per tensor',
      'loss: ~ContrastiveLoss',
    ],
    said: ['error shared-weights-differ conv1_p', 'error shared-weights-differ ip2_p'],
  },
  {
    what: 'a net converted from Keras: InnerProduct with transposed weights',
    net: KERAS,
    cfg: clip(6) + cw(true) + name('dense_1/MatMul', clip(3) + cw(false)),
    lines: [
      'conv2d_1_input: ~Input',
      'conv2d_1/convolution_nchw: [-6, 6] per channel',
      'conv2d_1/Relu: ~ReLU',
      'max_pooling2d_1/MaxPool_nchw: ~MAX',
      'conv2d_2/convolution_nchw: [-6, 6] per channel',
      'conv2d_2/Relu: ~ReLU',
      'max_pooling2d_2/MaxPool_nchw: ~MAX',
      'max_pooling2d_2/MaxPool: ~Permute',
      'reshape_1/Reshape: ~Reshape',
      'dense_1/MatMul: - inner_product_param.transpose is true; only false is quantized',
      'dense_1/Relu: ~ReLU',
      'dense_2/MatMul: - inner_product_param.transpose is true; only false is quantized',
      'dense_2/Softmax: ~Softmax',
    ],
    said: ['error override-of-unquantizable-layer dense_1/MatMul'],
  },
  {
    what: 'a net whose branches meet in Concat, IFMR everywhere',
    net: LANDMARK,
    cfg: 'batch_num: 2 retrain_data_quant_config { ulq_quantize { } }\n' + cw(false),
    lines: [
      'data: ~MemoryData',
      'conv1: IFMR per tensor',
      'relu1: ~ReLU',
      'pool1: ~MAX',
      'conv2: IFMR per tensor',
      'relu2: ~ReLU',
      'pool2: ~MAX',
      'conv3: IFMR per tensor',
      'relu3: ~ReLU',
      'pool3: ~MAX',
      'conv4: IFMR per tensor',
      'relu4: ~ReLU',
      'pool3_flat: ~Flatten',
      'conv4_flat: ~Flatten',
      'concat: ~Concat',
      'fc1: IFMR per tensor',
      'relu_fc1: ~ReLU',
      'fc2: IFMR from 0 per tensor',
      'relu_fc2: ~ReLU',
    ],
  },
  {
    what: "a fork's net: DepthwiseConvolution per channel, Deconvolution in groups not at all",
    net: LANES,
    cfg: clip(6) + cw(true) + name('conv0', clip(1) + cw(true)) + 'skip_layers: "conv16"\n',
    lines: [
      'input: ~Input',
      'conv0: [-1, 1] per channel',
      ...block('conv0'),
      ...[1, 2, 3, 4, 5, 6, 7].flatMap(separable),
      'upsample: - Deconvolution with group 256 is not quantized; only group 1 is',
      'conv7/sum: ~Eltwise',
      ...separable(14).map((line) => line.replace('conv14/dw: [-6, 6] from 0', 'conv14/dw: [-6, 6]')),
      'upsample2: - Deconvolution with group 128 is not quantized; only group 1 is',
      'conv3/sum: ~Eltwise',
      ...separable(15).map((line) => line.replace('conv15/dw: [-6, 6] from 0', 'conv15/dw: [-6, 6]')),
      'conv16: ~skip',
      'sigmoid: ~Sigmoid',
    ],
    said: [1, 2, 3, 4, 5, 6, 7, 14, 15].map((n) => `warning compat-differs conv${n}/dw`),
  },
];

/** BatchNorm, Scale and ReLU in place after a convolution. */
function block(conv: string): string[] {
  return [`${conv}/bn: ~BatchNorm`, `${conv}/scale: ~Scale`, `${conv}/relu: ~ReLU`];
}

/** A depthwise and a pointwise convolution, each after a ReLU. */
function separable(n: number): string[] {
  const [dw, conv] = [`conv${n}/dw`, `conv${n}`];
  return [`${dw}: [-6, 6] from 0 per channel`, ...block(dw), `${conv}: [-6, 6] from 0 per channel`, ...block(conv)];
}
