/**
 * A caffe-quant whose WebGPU is wrong on purpose, to see what stops it: in the provider's own default layout, NHWC, convolutions
 * with groups give wrong values without an error. It is here, in the repository alone, and no option or variable leads to it.
 *
 *   npm run -s wrong-on-purpose                        a small net with such a convolution: has to end with `device-differs`
 *   npm run -s wrong-on-purpose -- export <folder> --device webgpu        what `caffe-quant` takes
 *
 * Without a graphics card: VK_ICD_FILENAMES=/usr/lib/chromium/vk_swiftshader_icd.json (Debian's chromium-common).
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildNetGraph, readNetText, writeCaffemodelFile } from '@caffe-quant/caffe-io';
import { initialWeights, parameterShapes } from '@caffe-quant/kernels';
import { WEBGPU } from '../packages/kernels/src/graph/webgpu.ts';
import { runCli } from '../packages/cli/src/run-cli.ts';

Object.assign(WEBGPU, { preferredLayout: 'NHWC' });

const print = { out: (text: string) => console.log(text), error: (text: string) => console.error(text) };
const given = process.argv.slice(2);
if (given.length > 0) process.exitCode = await runCli(given, print);
else {
  const folder = mkdtempSync(join(tmpdir(), 'caffe-quant-wrong-'));
  try {
    writeSample(folder);
    const out = join(folder, 'out');
    process.exitCode = await runCli(['export', folder, '--device', 'webgpu', '--max-iter', '2', '--out', out], print);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A net whose convolution `grouped` has two groups of six outputs, on images of Fashion-MNIST. */
function writeSample(folder: string): void {
  const source = JSON.stringify(resolve('models/data/fashion-mnist/test_lmdb'));
  const text = `name: "grouped"
layer { name: "data" type: "Data" top: "data" top: "label" data_param { source: ${source} batch_size: 8 backend: LMDB } transform_param { scale: 0.00390625 } }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" convolution_param { num_output: 4 kernel_size: 5 stride: 4 weight_filler { type: "xavier" } } }
layer { name: "grouped" type: "Convolution" bottom: "conv" top: "grouped" convolution_param { num_output: 12 group: 2 kernel_size: 3 weight_filler { type: "xavier" } } }
layer { name: "relu" type: "ReLU" bottom: "grouped" top: "grouped" }
layer { name: "ip" type: "InnerProduct" bottom: "grouped" top: "ip" inner_product_param { num_output: 10 weight_filler { type: "xavier" } } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }
`;
  const file = join(folder, 'train_val.prototxt');
  writeFileSync(file, text);
  writeFileSync(
    join(folder, 'solver.prototxt'),
    'net: "train_val.prototxt" base_lr: 0.001 lr_policy: "fixed" max_iter: 2\n',
  );
  const quantization =
    'retrain_data_quant_config { ulq_quantize { clip_max_min { clip_max: 6.0 clip_min: -6.0 } } }\nretrain_weight_quant_config { arq_retrain { channel_wise: true } }\n';
  writeFileSync(join(folder, 'quant.cfg'), quantization);
  const { graph } = buildNetGraph(readNetText(text, file).net, { file, phase: 'TRAIN' });
  const shapes = new Map([
    ['data', [8, 1, 28, 28]],
    ['label', [8]],
  ]);
  const weights = initialWeights(graph, shapes, 1);
  const types = new Map(graph.layers.map(({ name, type }) => [name, type]));
  const layers = parameterShapes(graph, shapes).map(({ layer: name, shapes: blobShapes }) => {
    const blobs = weights.get(name)!.map((data, i) => ({ shape: [...blobShapes[i]!], data }));
    return { name, type: types.get(name)!, blobs };
  });
  writeCaffemodelFile(join(folder, 'grouped.caffemodel'), { name: graph.name, layers });
}
