import { readFileSync } from 'node:fs';
import type { NetGraph } from '@caffe-quant/caffe-io';
import { parseRetrainConfig } from '@caffe-quant/config';
import type { Shape } from '@caffe-quant/kernels';
import { canonicalPlan, resolvePlan, type CanonicalPlan } from '@caffe-quant/resolver';

/** A net that is trained by the benchmarks. */
export interface BenchmarkNet {
  /** Prototxt whose data layer makes `data` and `label`. */
  text: string;
  /** [C, H, W] of one image. */
  image: Shape;
  /** Of one image's label: [] for one class of the image, [1, H, W] for one class a pixel. */
  label: Shape;
  classes: number;
}

export const NETS: Readonly<Record<string, () => BenchmarkNet>> = {
  LeNet: leNet,
  'ResNet-18': () => resNet(18),
  MobileNet: mobileNet,
  'U-Net': uNet,
  AlexNet: alexNet,
};

/** ULQ and ARQ on all that AMCT quantizes, as a `quant.cfg` of three lines asks for it. */
export function planOf(graph: NetGraph): CanonicalPlan {
  const { config } = parseRetrainConfig(
    `retrain_data_quant_config { ulq_quantize { clip_max_min { clip_max: ${CLIP.max} clip_min: ${CLIP.min} } } }
     retrain_weight_quant_config { arq_retrain { channel_wise: true } }`,
    'quant.cfg',
  );
  return canonicalPlan(resolvePlan({ train: graph, test: graph, config, compat: 'documented' }).plan);
}

/** Where the range of every data quantizer starts. */
export const CLIP = { max: 6, min: -6 };

const INPUT = 'layer { name: "input" type: "Input" top: "data" top: "label" }';

const relu = (blob: string): string => `layer { name: "${blob}_relu" type: "ReLU" bottom: "${blob}" top: "${blob}" }\n`;

/** That of models/model, which is Caffe's example. */
function leNet(): BenchmarkNet {
  const text = readFileSync('models/model/train_val.prototxt', 'utf8');
  return { text, image: [1, 28, 28], label: [], classes: 10 };
}

/** Convolution without a bias, BatchNorm, Scale and perhaps ReLU. */
function normalized(
  name: string,
  bottom: string,
  outputs: number,
  { kernel = 3, stride = 1, group = 1, activation = true } = {},
): string {
  return `
layer { name: "${name}" type: "Convolution" bottom: "${bottom}" top: "${name}" convolution_param {
  num_output: ${outputs} kernel_size: ${kernel} stride: ${stride} pad: ${(kernel - 1) / 2} group: ${group} bias_term: false
  weight_filler { type: "msra" } } }
layer { name: "${name}_bn" type: "BatchNorm" bottom: "${name}" top: "${name}" }
layer { name: "${name}_scale" type: "Scale" bottom: "${name}" top: "${name}" scale_param { bias_term: true } }
${activation ? relu(name) : ''}`;
}

const classifier = (bottom: string): string => `
layer { name: "pool5" type: "Pooling" bottom: "${bottom}" top: "pool5" pooling_param { pool: AVE global_pooling: true } }
layer { name: "fc" type: "InnerProduct" bottom: "pool5" top: "fc" inner_product_param { num_output: 1000 weight_filler { type: "xavier" } } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "fc" bottom: "label" top: "loss" }`;

/** Blocks of the four stages, by depth. From 50 on a block is 1x1, 3x3, 1x1 with four times the channels. */
const RES_NETS: Readonly<Record<number, readonly number[]>> = { 18: [2, 2, 2, 2], 34: [3, 4, 6, 3], 50: [3, 4, 6, 3] };

/** As He et al. published it for Caffe: a block's stride is that of its first convolution. */
export function resNet(depth: number, side = 224): BenchmarkNet {
  const blocks = RES_NETS[depth];
  if (!blocks) throw new Error(`no ResNet of depth ${depth}: ${Object.keys(RES_NETS).join(', ')}`);
  const widening = depth < 50 ? 1 : 4;
  let text = `name: "ResNet-${depth}"
${INPUT}
${normalized('conv1', 'data', 64, { kernel: 7, stride: 2 })}
layer { name: "pool1" type: "Pooling" bottom: "conv1" top: "pool1" pooling_param { kernel_size: 3 stride: 2 } }`;
  let bottom = 'pool1';
  let channels = 64;
  for (const [stage, count] of blocks.entries()) {
    const width = 64 * 2 ** stage;
    for (let block = 0; block < count; block++) {
      const name = `res${stage + 2}${String.fromCharCode(97 + block)}`;
      const stride = stage > 0 && block === 0 ? 2 : 1;
      const outputs = width * widening;
      const isProjected = stride > 1 || channels !== outputs;
      if (isProjected) text += normalized(`${name}_1`, bottom, outputs, { kernel: 1, stride, activation: false });
      if (widening === 1) {
        text += normalized(`${name}_2a`, bottom, width, { stride });
        text += normalized(`${name}_2b`, `${name}_2a`, outputs, { activation: false });
      } else {
        text += normalized(`${name}_2a`, bottom, width, { kernel: 1, stride });
        text += normalized(`${name}_2c`, `${name}_2a`, width);
        text += normalized(`${name}_2b`, `${name}_2c`, outputs, { kernel: 1, activation: false });
      }
      text += `
layer { name: "${name}" type: "Eltwise" bottom: "${isProjected ? `${name}_1` : bottom}" bottom: "${name}_2b" top: "${name}" }
${relu(name)}`;
      bottom = name;
      channels = outputs;
    }
  }
  return { text: text + classifier(bottom), image: [3, side, side], label: [], classes: 1000 };
}

/** Depthwise and pointwise convolutions in turn (MobileNet v1). */
function mobileNet(): BenchmarkNet {
  let text = `name: "MobileNet"
${INPUT}
${normalized('conv1', 'data', 32, { stride: 2 })}`;
  let bottom = 'conv1';
  let inputs = 32;
  for (const [i, outputs] of [64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024].entries()) {
    const stride = outputs > inputs && i > 0 ? 2 : 1;
    text += normalized(`dw${i}`, bottom, inputs, { stride, group: inputs });
    text += normalized(`pw${i}`, `dw${i}`, outputs, { kernel: 1 });
    bottom = `pw${i}`;
    inputs = outputs;
  }
  return { text: text + classifier(bottom), image: [3, 224, 224], label: [], classes: 1000 };
}

/** Convolution or Deconvolution with a bias, and perhaps ReLU. */
function biased(
  name: string,
  bottom: string,
  settings: string,
  { type = 'Convolution', activation = true } = {},
): string {
  return `
layer { name: "${name}" type: "${type}" bottom: "${bottom}" top: "${name}" convolution_param {
  ${settings} weight_filler { type: "xavier" } } }
${activation ? relu(name) : ''}`;
}

/**
 * A U of four levels (32, 64, 128 and 256 channels): BatchNorm on the way down; up by Deconvolution 2x2 of stride 2 and
 * Concat with what the way down had there; a class for every pixel.
 */
function uNet(): BenchmarkNet {
  const classes = 4;
  const side = 128;
  const widths = [32, 64, 128, 256];
  let text = `name: "U-Net"\n${INPUT}`;
  let bottom = 'data';
  for (const [level, width] of widths.entries()) {
    if (level > 0) {
      text += `
layer { name: "pool${level}" type: "Pooling" bottom: "${bottom}" top: "pool${level}" pooling_param { kernel_size: 2 stride: 2 } }`;
      bottom = `pool${level}`;
    }
    text += normalized(`down${level}a`, bottom, width) + normalized(`down${level}b`, `down${level}a`, width);
    bottom = `down${level}b`;
  }
  for (const [level, width] of [...widths.entries()].reverse().slice(1)) {
    const [up, joined] = [`deconv${level}`, `concat${level}`];
    text += biased(up, bottom, `num_output: ${width} kernel_size: 2 stride: 2`, {
      ...{ type: 'Deconvolution', activation: false },
    });
    text += `
layer { name: "${joined}" type: "Concat" bottom: "down${level}b" bottom: "${up}" top: "${joined}" }`;
    text += biased(`up${level}a`, joined, `num_output: ${width} kernel_size: 3 pad: 1`);
    text += biased(`up${level}b`, `up${level}a`, `num_output: ${width} kernel_size: 3 pad: 1`);
    bottom = `up${level}b`;
  }
  text += biased('head', bottom, `num_output: ${classes} kernel_size: 1`, { activation: false });
  text += `
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "head" bottom: "label" top: "loss" }`;
  return { text, image: [3, side, side], label: [1, side, side], classes };
}

/** bvlc_alexnet, without its Dropout: what is drawn at random cannot be compared. */
function alexNet(): BenchmarkNet {
  const pool = (name: string, bottom: string) => `
layer { name: "${name}" type: "Pooling" bottom: "${bottom}" top: "${name}" pooling_param { kernel_size: 3 stride: 2 } }`;
  const norm = (name: string, bottom: string) => `
layer { name: "${name}" type: "LRN" bottom: "${bottom}" top: "${name}" lrn_param { local_size: 5 alpha: 0.0001 beta: 0.75 } }`;
  const product = (name: string, bottom: string, outputs: number) => `
layer { name: "${name}" type: "InnerProduct" bottom: "${bottom}" top: "${name}" inner_product_param {
  num_output: ${outputs} weight_filler { type: "xavier" } } }\n`;
  const text = [
    `name: "AlexNet"\n${INPUT}`,
    biased('conv1', 'data', 'num_output: 96 kernel_size: 11 stride: 4') +
      norm('norm1', 'conv1') +
      pool('pool1', 'norm1'),
    biased('conv2', 'pool1', 'num_output: 256 kernel_size: 5 pad: 2 group: 2'),
    norm('norm2', 'conv2') + pool('pool2', 'norm2'),
    biased('conv3', 'pool2', 'num_output: 384 kernel_size: 3 pad: 1'),
    biased('conv4', 'conv3', 'num_output: 384 kernel_size: 3 pad: 1 group: 2'),
    biased('conv5', 'conv4', 'num_output: 256 kernel_size: 3 pad: 1 group: 2') + pool('pool5', 'conv5'),
    product('fc6', 'pool5', 4096) +
      relu('fc6') +
      product('fc7', 'fc6', 4096) +
      relu('fc7') +
      product('fc8', 'fc7', 1000),
    'layer { name: "loss" type: "SoftmaxWithLoss" bottom: "fc8" bottom: "label" top: "loss" }',
  ].join('\n');
  return { text, image: [3, 227, 227], label: [], classes: 1000 };
}
