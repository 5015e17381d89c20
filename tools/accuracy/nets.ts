/** Nets that the proof trains on Fashion-MNIST, smaller forms of those that are shipped. */
export interface ProofNet {
  /** Prototxt of the layers behind `data` and `label`, with their loss. */
  layers: () => string;
  /** What is judged: a classifier by its accuracy, a regressor by the peak signal-to-noise ratio of its `loss`. */
  metric: 'accuracy' | 'PSNR';
  /** Iterations of the float training, of 64 images, and its learning rate, which falls to a tenth after 3/5 and again after 9/10. */
  float: { iterations: number; rate: number };
  /** Of the retraining, likewise. */
  retrain: { iterations: number; rate: number };
}

export const NETS: Readonly<Record<string, ProofNet>> = {
  LeNet: {
    ...{ metric: 'accuracy', layers: leNet },
    ...{ float: { iterations: 1500, rate: 0.01 }, retrain: { iterations: 200, rate: 0.0005 } },
  },
  'ResNet-20': {
    ...{ metric: 'accuracy', layers: resNet20 },
    ...{ float: { iterations: 1000, rate: 0.1 }, retrain: { iterations: 200, rate: 0.001 } },
  },
  MobileNet: {
    ...{ metric: 'accuracy', layers: mobileNet },
    ...{ float: { iterations: 1000, rate: 0.1 }, retrain: { iterations: 200, rate: 0.001 } },
  },
  'super-resolution': {
    ...{ metric: 'PSNR', layers: superResolution },
    ...{ float: { iterations: 1000, rate: 0.0001 }, retrain: { iterations: 200, rate: 0.00001 } },
  },
};

const relu = (blob: string): string => `layer { name: "${blob}_relu" type: "ReLU" bottom: "${blob}" top: "${blob}" }\n`;

const product = (name: string, bottom: string, outputs: number): string => `
layer { name: "${name}" type: "InnerProduct" bottom: "${bottom}" top: "${name}" param { lr_mult: 1 } param { lr_mult: 2 decay_mult: 0 }
  inner_product_param { num_output: ${outputs} weight_filler { type: "xavier" } } }\n`;

const biased = (name: string, bottom: string, settings: string, type = 'Convolution'): string => `
layer { name: "${name}" type: "${type}" bottom: "${bottom}" top: "${name}" param { lr_mult: 1 } param { lr_mult: 2 decay_mult: 0 }
  convolution_param { ${settings} weight_filler { type: "msra" } } }\n`;

/** Convolution without a bias, BatchNorm and Scale. */
function normalized(name: string, bottom: string, outputs: number, settings = 'kernel_size: 3 pad: 1'): string {
  return `
layer { name: "${name}" type: "Convolution" bottom: "${bottom}" top: "${name}" convolution_param {
  num_output: ${outputs} ${settings} bias_term: false weight_filler { type: "msra" } } }
layer { name: "${name}_bn" type: "BatchNorm" bottom: "${name}" top: "${name}" batch_norm_param { moving_average_fraction: 0.99 } }
layer { name: "${name}_scale" type: "Scale" bottom: "${name}" top: "${name}" scale_param { bias_term: true } }\n`;
}

const classified = (bottom: string): string => `
layer { name: "pool" type: "Pooling" bottom: "${bottom}" top: "pool" pooling_param { pool: AVE global_pooling: true } }
${product('fc', 'pool', 10)}
${judged('fc')}`;

const judged = (bottom: string): string => `
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "${bottom}" bottom: "label" top: "loss" }
layer { name: "accuracy" type: "Accuracy" bottom: "${bottom}" bottom: "label" top: "accuracy" include { phase: TEST } }`;

/** As Caffe's examples/mnist/lenet_train_test.prototxt. */
function leNet(): string {
  const pool = (name: string, bottom: string) => `
layer { name: "${name}" type: "Pooling" bottom: "${bottom}" top: "${name}" pooling_param { pool: MAX kernel_size: 2 stride: 2 } }`;
  return [
    biased('conv1', 'data', 'num_output: 20 kernel_size: 5') + pool('pool1', 'conv1'),
    biased('conv2', 'pool1', 'num_output: 50 kernel_size: 5') + pool('pool2', 'conv2'),
    product('ip1', 'pool2', 500) + relu('ip1') + product('ip2', 'ip1', 10),
    judged('ip2'),
  ].join('\n');
}

/**
 * He et al.'s net for CIFAR-10: three stages of three blocks with 16, 32 and 64 channels. The first convolution halves the
 * image, which makes it a quarter of the work.
 */
function resNet20(): string {
  let text = normalized('conv1', 'data', 16, 'kernel_size: 3 pad: 1 stride: 2') + relu('conv1');
  let bottom = 'conv1';
  for (const [stage, width] of [16, 32, 64].entries()) {
    for (let block = 0; block < 3; block++) {
      const name = `res${stage + 1}${String.fromCharCode(97 + block)}`;
      const isNarrowing = stage > 0 && block === 0;
      const stride = isNarrowing ? 'stride: 2' : '';
      if (isNarrowing) text += normalized(`${name}_1`, bottom, width, 'kernel_size: 1 stride: 2');
      text += normalized(`${name}_2a`, bottom, width, `kernel_size: 3 pad: 1 ${stride}`) + relu(`${name}_2a`);
      text += normalized(`${name}_2b`, `${name}_2a`, width);
      text += `
layer { name: "${name}" type: "Eltwise" bottom: "${isNarrowing ? `${name}_1` : bottom}" bottom: "${name}_2b" top: "${name}" }
${relu(name)}`;
      bottom = name;
    }
  }
  return text + classified(bottom);
}

/** Depthwise and pointwise convolutions in turn, as in MobileNet v1. */
function mobileNet(): string {
  let text = normalized('conv1', 'data', 16) + relu('conv1');
  let bottom = 'conv1';
  let inputs = 16;
  for (const [i, outputs] of [32, 64, 64, 128, 128].entries()) {
    const stride = outputs > inputs && i > 0 ? 'stride: 2' : '';
    text += normalized(`dw${i}`, bottom, inputs, `kernel_size: 3 pad: 1 ${stride} group: ${inputs}`) + relu(`dw${i}`);
    text += normalized(`pw${i}`, `dw${i}`, outputs, 'kernel_size: 1') + relu(`pw${i}`);
    bottom = `pw${i}`;
    inputs = outputs;
  }
  return text + classified(bottom);
}

/** An image of 14 x 14 back to 28 x 28, by a Deconvolution. */
function superResolution(): string {
  return [
    `layer { name: "small" type: "Pooling" bottom: "data" top: "small" pooling_param { pool: AVE kernel_size: 2 stride: 2 } }
layer { name: "unused" type: "Silence" bottom: "label" }`,
    biased('conv1', 'small', 'num_output: 32 kernel_size: 5 pad: 2') + relu('conv1'),
    biased('conv2', 'conv1', 'num_output: 32 kernel_size: 3 pad: 1') + relu('conv2'),
    biased('conv3', 'conv2', 'num_output: 16 kernel_size: 3 pad: 1') + relu('conv3'),
    biased('large', 'conv3', 'num_output: 1 kernel_size: 4 stride: 2 pad: 1', 'Deconvolution'),
    'layer { name: "loss" type: "EuclideanLoss" bottom: "large" bottom: "data" top: "loss" }',
  ].join('\n');
}

/** Images of a batch: in training, and in tests. */
export const BATCH = { TRAIN: 64, TEST: 100 };
export const TEST_IMAGES = 10_000;

/** The net on the images of a folder's train_lmdb and test_lmdb. */
export function netText(name: string, data: string): string {
  const source = (phase: 'TRAIN' | 'TEST') => `
layer { name: "fashion" type: "Data" top: "data" top: "label" include { phase: ${phase} } transform_param { scale: 0.00390625 }
  data_param { source: "${data}/${phase.toLowerCase()}_lmdb" batch_size: ${BATCH[phase]} backend: LMDB } }`;
  return `name: "${name}"${source('TRAIN')}${source('TEST')}\n${NETS[name]!.layers()}\n`;
}

export function solverText(net: string, { iterations, rate }: ProofNet['float'], seed: number): string {
  return `net: "${net}"
type: "SGD" base_lr: ${rate} momentum: 0.9 weight_decay: 0.0005
lr_policy: "multistep" gamma: 0.1 stepvalue: ${iterations * 0.6} stepvalue: ${iterations * 0.9}
max_iter: ${iterations} test_iter: ${TEST_IMAGES / BATCH.TEST} test_interval: ${10 * iterations} test_initialization: false
random_seed: ${seed}
`;
}
