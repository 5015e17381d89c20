import type { NetGraph } from '@caffe-quant/caffe-io';
import type { CanonicalPlan } from '@caffe-quant/resolver';

/** Nets of the benchmarks, as prototxt: both take `data` [N, 3, 224, 224] and `label` [N]. */
export const NETS: Readonly<Record<string, () => string>> = { 'ResNet-18': resNet18, MobileNet: mobileNet };

function convolution(
  name: string,
  bottom: string,
  outputs: number,
  kernel: number,
  stride: number,
  relu: boolean,
  group = 1,
): string {
  const pad = (kernel - 1) / 2;
  return `
layer { name: "${name}" type: "Convolution" bottom: "${bottom}" top: "${name}" convolution_param {
  num_output: ${outputs} kernel_size: ${kernel} stride: ${stride} pad: ${pad} group: ${group} bias_term: false
  weight_filler { type: "msra" } } }
layer { name: "${name}_bn" type: "BatchNorm" bottom: "${name}" top: "${name}" }
layer { name: "${name}_scale" type: "Scale" bottom: "${name}" top: "${name}" scale_param { bias_term: true } }
${relu ? `layer { name: "${name}_relu" type: "ReLU" bottom: "${name}" top: "${name}" }` : ''}`;
}

function resNet18(): string {
  let text = `name: "ResNet-18"
layer { name: "input" type: "Input" top: "data" top: "label" }
${convolution('conv1', 'data', 64, 7, 2, true)}
layer { name: "pool1" type: "Pooling" bottom: "conv1" top: "pool1" pooling_param { kernel_size: 3 stride: 2 } }`;
  let bottom = 'pool1';
  [64, 128, 256, 512].forEach((outputs, stage) => {
    for (let block = 0; block < 2; block++) {
      const name = `res${stage + 2}${block === 0 ? 'a' : 'b'}`;
      const stride = stage > 0 && block === 0 ? 2 : 1;
      const shortcut = stride === 1 ? bottom : `${name}_1`;
      if (stride > 1) text += convolution(`${name}_1`, bottom, outputs, 1, stride, false);
      text += convolution(`${name}_2a`, bottom, outputs, 3, stride, true);
      text += convolution(`${name}_2b`, `${name}_2a`, outputs, 3, 1, false);
      text += `
layer { name: "${name}" type: "Eltwise" bottom: "${shortcut}" bottom: "${name}_2b" top: "${name}" }
layer { name: "${name}_relu" type: "ReLU" bottom: "${name}" top: "${name}" }`;
      bottom = name;
    }
  });
  return text + classifier(bottom);
}

/** Depthwise and pointwise convolutions in turn (MobileNet v1). */
function mobileNet(): string {
  let text = `name: "MobileNet"
layer { name: "input" type: "Input" top: "data" top: "label" }
${convolution('conv1', 'data', 32, 3, 2, true)}`;
  let bottom = 'conv1';
  let inputs = 32;
  [64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024].forEach((outputs, i) => {
    const stride = outputs > inputs && i > 0 ? 2 : 1;
    text += convolution(`dw${i}`, bottom, inputs, 3, stride, true, inputs);
    text += convolution(`pw${i}`, `dw${i}`, outputs, 1, 1, true);
    bottom = `pw${i}`;
    inputs = outputs;
  });
  return text + classifier(bottom);
}

const classifier = (bottom: string): string => `
layer { name: "pool5" type: "Pooling" bottom: "${bottom}" top: "pool5" pooling_param { pool: AVE global_pooling: true } }
layer { name: "fc" type: "InnerProduct" bottom: "pool5" top: "fc" inner_product_param { num_output: 1000 weight_filler { type: "xavier" } } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "fc" bottom: "label" top: "loss" }`;

/** ULQ and ARQ on every Convolution and InnerProduct. */
export function planOf(graph: NetGraph): CanonicalPlan {
  const layers = graph.layers.filter(({ type }) => type === 'Convolution' || type === 'InnerProduct');
  return {
    batchNum: 1,
    layers: layers.map(({ name, type }) => ({ name, type, quantizer: name, channelWise: type === 'Convolution' })),
    quantizers: layers.map(({ name, bottoms }) => ({
      ...{ name, blob: bottoms[0]!.id, layers: [name], fixedMin: false, lrMult: 1, decayMult: 0 },
    })),
  };
}
