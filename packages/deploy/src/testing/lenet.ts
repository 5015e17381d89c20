import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NetWeights, Shape } from '@caffe-quant/kernels';
import type { CanonicalPlan, ClipRange } from '@caffe-quant/resolver';
import type { ExportInput } from '../export-models.ts';

/** LeNet with 8 and 16 channels, as a team would have it: data layers of both phases, comments, mixed layout. */
export const LENET_TEXT = `# LeNet, small.
name: "LeNet"
layer {
  name: "mnist"
  type: "Data"
  top: "data"
  top: "label"
  include { phase: TRAIN }
  transform_param { scale: 0.00390625 }
  data_param { source: "train_lmdb" batch_size: 32 backend: LMDB }
}
layer {
  name: "mnist"
  type: "Data"
  top: "data"
  top: "label"
  include { phase: TEST }
  transform_param { scale: 0.00390625 }
  data_param { source: "test_lmdb" batch_size: 32 backend: LMDB }
}

# the first convolution
layer {
  name: "conv1"
  type: "Convolution"
  bottom: "data"
  top: "conv1"
  param { lr_mult: 1 }
  param { lr_mult: 2 }
  convolution_param { num_output: 8 kernel_size: 5 stride: 1 }  # five by five
}
layer { name: "pool1" type: "Pooling" bottom: "conv1" top: "pool1" pooling_param { pool: MAX kernel_size: 2 stride: 2 } }
layer { name: "conv2" type: "Convolution" bottom: "pool1" top: "conv2" convolution_param { num_output: 16 kernel_size: 5 } }
layer { name: "pool2" type: "Pooling" bottom: "conv2" top: "pool2" pooling_param { pool: MAX kernel_size: 2 stride: 2 } }
layer {
  name: "ip1"
  type: "InnerProduct"
  bottom: "pool2"
  top: "ip1"
  inner_product_param { num_output: 64 }
}
layer {
  name: "relu1"
  type: "ReLU"
  bottom: "ip1"
  top: "ip1"
}
layer {
  name: "ip2"
  type: "InnerProduct"
  bottom: "ip1"
  top: "ip2"
  inner_product_param { num_output: 10 }
}
layer { name: "accuracy" type: "Accuracy" bottom: "ip2" bottom: "label" top: "accuracy" include { phase: TEST } }
# what training minimises
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip2" bottom: "label" top: "loss" }
`;

export const LENET = { text: LENET_TEXT, file: 'lenet_train_val.prototxt' };

interface TensorRef {
  shape: number[];
  off: number;
}

interface GoldenCase {
  name: string;
  net: string;
  quant: Record<string, { fixed_min: boolean; channel_wise: boolean }> | null;
  clip_after_update: Record<string, [number, number]>[];
  final_weights: Record<string, TensorRef[]>;
}

const FOLDER = join(__dirname, '../../../kernels/fixtures/goldens');
const goldens = JSON.parse(readFileSync(join(FOLDER, 'small.json'), 'utf8')) as {
  cases: GoldenCase[];
  images: TensorRef;
  labels: TensorRef;
};
const bytes = readFileSync(join(FOLDER, 'small.bin'));

function floats({ shape, off }: TensorRef): Float32Array {
  const length = shape.reduce((product, dim) => product * dim, 1) * 4;
  return new Float32Array(Uint8Array.from(bytes.subarray(off, off + length)).buffer);
}

/** Weights and ranges that AMCT's own layers trained; the case names a trajectory of the goldens. */
export function trainedLenet(name = 'small_ifmr_fixm_clipdecay0'): {
  plan: CanonicalPlan;
  weights: NetWeights;
  clips: Map<string, ClipRange>;
} {
  const golden = goldens.cases.find((each) => each.name === name)!;
  const quantized = Object.entries(golden.quant ?? {});
  const inputs: Record<string, string> = { conv1: 'data', conv2: 'pool1', ip1: 'pool2', ip2: 'ip1@1' };
  const ranges = golden.clip_after_update?.at(-1) ?? {};
  return {
    plan: {
      batchNum: 1,
      layers: quantized.map(([layer, { channel_wise }]) => ({
        name: layer,
        type: layer.startsWith('conv') ? 'Convolution' : 'InnerProduct',
        quantizer: layer,
        channelWise: channel_wise,
      })),
      quantizers: quantized.map(([layer, { fixed_min }]) => ({
        name: layer,
        blob: inputs[layer]!,
        layers: [layer],
        fixedMin: fixed_min,
        lrMult: 1,
        decayMult: 0,
      })),
    },
    weights: new Map(Object.entries(golden.final_weights).map(([layer, refs]) => [layer, refs.map(floats)])),
    clips: new Map(
      quantized.map(([layer, { fixed_min }]) => {
        const [max, min] = ranges[layer]!;
        return [layer, { max: Math.fround(max), min: fixed_min ? 0 : Math.fround(min) }];
      }),
    ),
  };
}

export const lenetShapes = (batch: number): Map<string, Shape> =>
  new Map([
    ['data', [batch, 1, 28, 28]],
    ['label', [batch]],
  ]);

export const lenetExport = (name?: string): ExportInput => ({
  net: LENET,
  ...trainedLenet(name),
  inputShapes: lenetShapes(32),
  prefix: 'lenet',
});

/** Fashion-MNIST images of the goldens, scaled as the net's data layer scales them. */
export function lenetImages(first: number, count: number): Map<string, Float32Array> {
  const pixels = bytes.subarray(goldens.images.off + first * 784, goldens.images.off + (first + count) * 784);
  const labels = bytes.subarray(goldens.labels.off + first, goldens.labels.off + first + count);
  return new Map([
    ['data', Float32Array.from(pixels, (pixel) => pixel * 0.00390625)],
    ['label', Float32Array.from(labels)],
  ]);
}

/** The net of a trajectory as AMCT's own layers ran it. */
export const amctNet = (name: string): string => goldens.cases.find((each) => each.name === name)!.net;
