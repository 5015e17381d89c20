/**
 * Plans for real nets, written down from the documented rules, a line a layer, before the resolver saw them. The nets are
 * not part of the repository: without them the tests are skipped.
 */
import type { Compat } from './plan.ts';
import { hasRealNets, readRealNets } from './testing/real-nets.ts';
import { resolve } from './testing/resolve.ts';

const LENET_V1 = 'models/lenet-v1-2014/lenet_train.prototxt';
const QUICK = 'models/cifar10-quick-full/cifar10_quick_train_test.prototxt';
const FULL = 'models/cifar10-quick-full/cifar10_full_train_test.prototxt';
const WAIFU = 'models/waifu2x-upresnet10/scale2.0x_model.prototxt';
const LANDMARK = 'models/deep-landmark/1_F.prototxt';
const LANES = 'models/tusimple-lane-seg/mobilenet_yolov3_lite_deploy.prototxt';
const SIAMESE = 'corpus/BVLC__caffe/examples/siamese/mnist_siamese_train_test.prototxt';
const KERAS =
  'corpus/foss-for-synopsys-dwc-arc-processors__synopsys-caffe-models/caffe_models/lenet/caffe_model/lenet_convert_optimized.prototxt';
const QUICK_V0 = 'corpus/BVLC__caffe@v0.99/examples/cifar10/cifar10_quick.prototxt';
const ALEXNET_V0 = 'corpus/BVLC__caffe@v0.9/examples/imagenet/imagenet_train.prototxt';
const NIN = 'corpus/ethereon__netscope/presets/nin.prototxt';
const NETS = [LENET_V1, QUICK, FULL, WAIFU, LANDMARK, LANES, SIAMESE, KERAS, QUICK_V0, ALEXNET_V0, NIN];

const clip = (range: number) =>
  `retrain_data_quant_config { ulq_quantize { clip_max_min { clip_max: ${range} clip_min: -${range} } } }\n`;
const cw = (channelWise: boolean) => `retrain_weight_quant_config { arq_retrain { channel_wise: ${channelWise} } }\n`;
const name = (layer: string, halves: string) => `override_layer_configs { layer_name: "${layer}" ${halves} }\n`;
const type = (layer: string, halves: string) => `override_layer_types { layer_type: "${layer}" ${halves} }\n`;

/** The documented sample with LeNet's names. */
const SAMPLE = clip(6) + cw(true) + 'skip_layers: "conv1"\n' + type('InnerProduct', cw(false)) + name('ip2', cw(false));

/** `~MAX` and `~ReLU` are short for the reasons of a MAX pooling and of a type that is never quantized. */
const long = (line: string): string =>
  line
    .replace(/: ~MAX$/, ': - MAX pooling is not quantized; AVE pooling is')
    .replace(/: ~global$/, ': - global AVE pooling is not quantized')
    .replace(/: ~skip$/, ': - skip_layers names it')
    .replace(/: ~(\w+)$/, ': - $1 layers are not quantized');

interface Case {
  what: string;
  net: string;
  cfg: string;
  compat?: Compat;
  lines: string[];
  /** Warnings and errors, in order. */
  said?: string[];
}

const CASES: Case[] = [
  {
    what: 'the documented sample on the LeNet of 2014 (V1)',
    net: LENET_V1,
    cfg: SAMPLE,
    lines: [
      'mnist: ~Data',
      'conv1: ~skip',
      'pool1: ~MAX',
      'conv2: [-6, 6] per channel',
      'pool2: ~MAX',
      'ip1: [-6, 6] per tensor',
      'relu1: ~ReLU',
      'ip2: [-6, 6] from 0 per tensor',
      'loss: ~SoftmaxWithLoss',
    ],
    said: ['warning compat-differs ip1', 'warning compat-differs ip2'],
  },
  {
    what: 'the same as AMCT does it: overrides replace, InnerProduct starts from IFMR',
    net: LENET_V1,
    cfg: SAMPLE,
    compat: 'amct',
    lines: [
      'mnist: ~Data',
      'conv1: ~skip',
      'pool1: ~MAX',
      'conv2: [-6, 6] per channel',
      'pool2: ~MAX',
      'ip1: IFMR per tensor',
      'relu1: ~ReLU',
      'ip2: IFMR from 0 per tensor',
      'loss: ~SoftmaxWithLoss',
    ],
    said: ['warning compat-differs ip1', 'warning compat-differs ip2'],
  },
  {
    what: 'an empty config on CIFAR-10 quick: IFMR and the defaults of the types',
    net: QUICK,
    cfg: '',
    lines: [
      'cifar: ~Data',
      'conv1: IFMR per channel',
      'pool1: ~MAX',
      'relu1: ~ReLU',
      'conv2: IFMR from 0 per channel',
      'relu2: ~ReLU',
      'pool2: IFMR from 0',
      'conv3: IFMR per channel',
      'relu3: ~ReLU',
      'pool3: IFMR from 0',
      'ip1: IFMR per tensor',
      'ip2: IFMR per tensor',
      'accuracy: ~Accuracy',
      'loss: ~SoftmaxWithLoss',
    ],
    said: ['warning no-data-half', 'warning no-weight-half'],
  },
  {
    what: 'no pooling, and the whole grid for conv3',
    net: QUICK,
    cfg:
      clip(4) +
      cw(false) +
      'skip_layer_types: "Pooling"\n' +
      name('conv3', 'retrain_data_quant_config { ulq_quantize { fixed_min: true } }' + cw(true)),
    lines: [
      'cifar: ~Data',
      'conv1: [-4, 4] per tensor',
      'pool1: ~MAX',
      'relu1: ~ReLU',
      'conv2: [-4, 4] from 0 per tensor',
      'relu2: ~ReLU',
      "pool2: - skip_layer_types names its type Pooling (AMCT's documentation calls skipping by type not yet supported; it works here)",
      'conv3: IFMR from 0 per channel',
      'relu3: ~ReLU',
      "pool3: - skip_layer_types names its type Pooling (AMCT's documentation calls skipping by type not yet supported; it works here)",
      'ip1: [-4, 4] per tensor',
      'ip2: [-4, 4] per tensor',
      'accuracy: ~Accuracy',
      'loss: ~SoftmaxWithLoss',
    ],
  },
  {
    what: 'fixed_min false for all, and a global channel_wise that reaches the InnerProducts',
    net: QUICK,
    cfg: 'retrain_data_quant_config { ulq_quantize { fixed_min: false } }\n' + cw(true) + 'quant_skip_layers: "ip2"\n',
    lines: [
      'cifar: ~Data',
      'conv1: IFMR per channel',
      'pool1: ~MAX',
      'relu1: ~ReLU',
      'conv2: IFMR per channel',
      'relu2: ~ReLU',
      'pool2: IFMR',
      'conv3: IFMR per channel',
      'relu3: ~ReLU',
      'pool3: IFMR',
      'ip1: IFMR per tensor',
      'ip2: - quant_skip_layers names it',
      'accuracy: ~Accuracy',
      'loss: ~SoftmaxWithLoss',
    ],
    said: ['warning channel-wise-not-possible ip1'],
  },
  {
    what: 'a half by name, a half by type, the rest global',
    net: FULL,
    cfg: clip(6) + cw(false) + type('Convolution', cw(true)) + name('conv2', clip(2)),
    lines: [
      'cifar: ~Data',
      'conv1: [-6, 6] per channel',
      'relu1: ~ReLU',
      'pool1: ~MAX',
      'conv2: [-2, 2] per channel',
      'relu2: ~ReLU',
      'pool2: ~MAX',
      'conv3: [-6, 6] per channel',
      'relu3: ~ReLU',
      'pool3: ~MAX',
      'ip1: [-6, 6] per tensor',
      'accuracy: ~Accuracy',
      'accuracy_5: ~Accuracy',
      'loss: ~SoftmaxWithLoss',
    ],
    said: ['warning compat-differs conv1', 'warning compat-differs conv3'],
  },
  {
    what: 'the same as AMCT does it: the half left out is the default, for conv2 as true as by type',
    net: FULL,
    cfg: clip(6) + cw(false) + type('Convolution', cw(true)) + name('conv2', clip(2)),
    compat: 'amct',
    lines: [
      'cifar: ~Data',
      'conv1: IFMR per channel',
      'relu1: ~ReLU',
      'pool1: ~MAX',
      'conv2: [-2, 2] per channel',
      'relu2: ~ReLU',
      'pool2: ~MAX',
      'conv3: IFMR per channel',
      'relu3: ~ReLU',
      'pool3: ~MAX',
      'ip1: [-6, 6] per tensor',
      'accuracy: ~Accuracy',
      'accuracy_5: ~Accuracy',
      'loss: ~SoftmaxWithLoss',
    ],
    said: ['warning compat-differs conv1', 'warning compat-differs conv3'],
  },
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
    what: 'CIFAR-10 quick of 2013 (V0), as a net for inference',
    net: QUICK_V0,
    cfg: clip(6) + cw(true),
    lines: [
      'input: ~Input',
      'conv1: [-6, 6] per channel',
      'pool1: ~MAX',
      'relu1: ~ReLU',
      'conv2: [-6, 6] from 0 per channel',
      'relu2: ~ReLU',
      'pool2: [-6, 6] from 0',
      'conv3: [-6, 6] per channel',
      'relu3: ~ReLU',
      'pool3: [-6, 6] from 0',
      'ip1: [-6, 6] per tensor',
      'ip2: [-6, 6] per tensor',
      'prob: ~Softmax',
    ],
    said: ['warning channel-wise-not-possible'],
  },
  {
    what: 'the same with AMCT, which refuses channel_wise: true for InnerProduct and Pooling',
    net: QUICK_V0,
    cfg: clip(6) + cw(true),
    compat: 'amct',
    lines: [
      'input: ~Input',
      'conv1: [-6, 6] per channel',
      'pool1: ~MAX',
      'relu1: ~ReLU',
      'conv2: [-6, 6] from 0 per channel',
      'relu2: ~ReLU',
      'pool2: [-6, 6] from 0',
      'conv3: [-6, 6] per channel',
      'relu3: ~ReLU',
      'pool3: [-6, 6] from 0',
      'ip1: [-6, 6] per tensor',
      'ip2: [-6, 6] per tensor',
      'prob: ~Softmax',
    ],
    said: ['error channel-wise-not-possible', 'error channel-wise-not-possible'],
  },
  {
    what: 'AlexNet of 2013 (V0): padding layers become part of their convolutions, Dropout hides the ReLU',
    net: ALEXNET_V0,
    cfg: clip(6) + cw(true) + 'skip_layers: "conv1"\nskip_layers: "fc8"\n' + type('InnerProduct', clip(8) + cw(false)),
    lines: [
      'data: ~Data',
      'conv1: ~skip',
      'relu1: ~ReLU',
      'pool1: ~MAX',
      'norm1: ~LRN',
      'conv2: [-6, 6] per channel',
      'relu2: ~ReLU',
      'pool2: ~MAX',
      'norm2: ~LRN',
      'conv3: [-6, 6] per channel',
      'relu3: ~ReLU',
      'conv4: [-6, 6] from 0 per channel',
      'relu4: ~ReLU',
      'conv5: [-6, 6] from 0 per channel',
      'relu5: ~ReLU',
      'pool5: ~MAX',
      'fc6: [-8, 8] per tensor',
      'relu6: ~ReLU',
      'drop6: ~Dropout',
      'fc7: [-8, 8] per tensor',
      'relu7: ~ReLU',
      'drop7: ~Dropout',
      'fc8: ~skip',
      'loss: ~SoftmaxWithLoss',
    ],
    said: ['warning compat-differs fc8'],
  },
  {
    what: 'Network in Network (V1): one data quantizer, 1x1 convolutions, AVE pooling',
    net: NIN,
    cfg:
      clip(6) +
      cw(true) +
      'skip_layers: ["conv1", "cccp8-1024", "pool4"]\n' +
      name(
        'conv2',
        'retrain_data_quant_config { ulq_quantize { fixed_min: true clip_max_min { clip_max: 5 clip_min: 0 } } }' +
          cw(true),
      ),
    lines: [
      'data: ~Data',
      'conv1: ~skip',
      'relu0: ~ReLU',
      'cccp1: [-6, 6] from 0 per channel',
      'relu1: ~ReLU',
      'cccp2: [-6, 6] from 0 per channel',
      'relu2: ~ReLU',
      'pool0: ~MAX',
      'conv2: [0, 5] from 0 per channel',
      'relu3: ~ReLU',
      'cccp3: [-6, 6] from 0 per channel',
      'relu5: ~ReLU',
      'cccp4: [-6, 6] from 0 per channel',
      'relu6: ~ReLU',
      'pool2: ~MAX',
      'conv3: [-6, 6] per channel',
      'relu7: ~ReLU',
      'cccp5: [-6, 6] from 0 per channel',
      'relu8: ~ReLU',
      'cccp6: [-6, 6] from 0 per channel',
      'relu9: ~ReLU',
      'pool3: ~MAX',
      'drop: ~Dropout',
      'conv4-1024: [-6, 6] per channel',
      'relu10: ~ReLU',
      'cccp7-1024: [-6, 6] from 0 per channel',
      'relu11: ~ReLU',
      'cccp8-1024: ~skip',
      'relu12: ~ReLU',
      'pool4: ~skip',
      'accuracy: ~Accuracy',
      'loss: ~SoftmaxWithLoss',
    ],
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

const suite = hasRealNets ? describe : describe.skip;

suite('plans for real nets (skipped where the nets are not beside the checkout)', () => {
  let nets: Map<string, string>;
  beforeAll(() => {
    nets = readRealNets(NETS);
  });

  it.each(CASES.map((entry) => [entry.what, entry] as const))('%s', (_, { net, cfg, compat, lines, said }) => {
    const resolved = resolve(nets.get(net) ?? '', cfg, compat);
    expect(resolved.lines).toEqual(lines.map(long));
    const notable = resolved.diagnostics.filter(({ severity }) => severity !== 'info');
    expect(notable.map(({ severity, code, layer }) => [severity, code, layer].join(' ').trim())).toEqual(said ?? []);
  });
});
