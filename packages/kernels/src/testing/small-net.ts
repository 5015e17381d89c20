import { buildNetGraph, type NetGraph } from '@caffe-quant/caffe-io';
import type { CanonicalPlan, ClipRange } from '../quantizers/canonical-plan.ts';
import type { Shape } from '../graph/graph-builder.ts';
import { parseNet } from './parse-layer.ts';

/** A classifier of 4 classes on [N, 1, 6, 6] with a convolution, a ReLU in place and an InnerProduct. */
const SMALL_NET = `
name: "small"
layer { name: "in" type: "Input" top: "data" top: "label" }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
        convolution_param { num_output: 3 kernel_size: 3 weight_filler { type: "xavier" } } }
layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" }
layer { name: "ip" type: "InnerProduct" bottom: "conv" top: "ip"
        inner_product_param { num_output: 4 weight_filler { type: "xavier" } } }
layer { name: "accuracy" type: "Accuracy" bottom: "ip" bottom: "label" top: "accuracy" include { phase: TEST } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }
`;

export const smallGraph = (phase: 'TRAIN' | 'TEST'): NetGraph =>
  buildNetGraph(parseNet(SMALL_NET), { file: 'small.prototxt', phase }).graph;

export const smallShapes = (batch: number): Map<string, Shape> =>
  new Map([
    ['data', [batch, 1, 6, 6]],
    ['label', [batch]],
  ]);

/** Both layers quantized; a quantizer without an entry in `clips` is measured. */
export function smallPlan(clips: Partial<Record<'conv' | 'ip', ClipRange>> = {}, batchNum = 1): CanonicalPlan {
  const quantizer = (name: 'conv' | 'ip', blob: string, fixedMin: boolean) => ({
    name,
    blob,
    layers: [name],
    ...(clips[name] && { clip: clips[name] }),
    fixedMin,
    lrMult: 1,
    decayMult: 0,
  });
  return {
    batchNum,
    layers: [
      { name: 'conv', type: 'Convolution', quantizer: 'conv', channelWise: true },
      { name: 'ip', type: 'InnerProduct', quantizer: 'ip', channelWise: false },
    ],
    quantizers: [quantizer('conv', 'data', false), quantizer('ip', 'conv@1', true)],
  };
}

/** A batch of images that depend on their labels, which are their index modulo 4. */
export function smallBatch(first: number, count: number): Map<string, Float32Array> {
  const data = Float32Array.from({ length: count * 36 }, (_, i) => {
    const image = first + Math.floor(i / 36);
    const bright = Math.floor((i % 36) / 9) === image % 4;
    return (bright ? 1 : 0) + ((image * 31 + (i % 36) * 17) % 23) / 23 - 0.5;
  });
  const label = Float32Array.from({ length: count }, (_, i) => (first + i) % 4);
  return new Map([
    ['data', data],
    ['label', label],
  ]);
}

/** A NetData over `count` of these images, for evaluation in batches of `batchSize`. */
export const smallData = (count: number, batchSize: number) => ({
  batchSize,
  recordCount: count,
  inputShapes: (size = batchSize) => smallShapes(size),
  records: (start: number, size: number) => Promise.resolve(smallBatch(start, Math.min(size, count - start))),
});
