import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { buildNetGraph, outputsOf, readCaffemodelFile, readNetText } from '@caffe-quant/caffe-io';
import { fitWeights } from './fit-weights.ts';
import { NetRunner } from './net-runner.ts';

/** Accuracies of published LeNets on MNIST's 10,000 test images, as OpenCV's dnn module measures them. */
const FOLDER = join(__dirname, '../../../../../shared');
const NETS = [
  ['lenet-v2/lenet.prototxt', 'lenet-arm/lenet_iter_9000.caffemodel', 0.9916],
  ['lenet-v2/lenet.prototxt', 'lenet-v2/lenet_iter_10000.caffemodel', 0.9914],
  ['lenet-rmsprop-2015/lenet.prototxt', 'lenet-rmsprop-2015/lenet_rmsprop_iter_10000.caffemodel', 0.9698],
] as const;
const BATCH = 500;
const PIXELS = 28 * 28;

const present = existsSync(join(FOLDER, 'data/mnist'));
if (!present) console.warn('MNIST is not beside the repository: the accuracies of published LeNets are not measured');

/** The elements of an idx.gz file behind its header. */
const readIdx = (name: string, header: number) =>
  gunzipSync(readFileSync(join(FOLDER, 'data/mnist', name))).subarray(header);

(present ? test : test.skip).each(NETS)(
  '%s with %s is right on %d of the images',
  async (net, weightsFile, accuracy) => {
    const images = readIdx('t10k-images-idx3-ubyte.gz', 16);
    const labels = readIdx('t10k-labels-idx1-ubyte.gz', 8);
    const { net: message } = readNetText(readFileSync(join(FOLDER, 'models', net), 'utf8'), net);
    const { graph } = buildNetGraph(message, { file: net, phase: 'TEST' });
    const inputShapes = new Map([['data', [BATCH, 1, 28, 28]]]);
    const model = readCaffemodelFile(join(FOLDER, 'models', weightsFile));
    const { weights } = fitWeights(graph, inputShapes, model, weightsFile);
    const output = outputsOf(graph)[0]!.id;
    const runner = await NetRunner.create({ graph, weights, inputShapes, outputs: [output] });
    let hits = 0;
    for (let start = 0; start < labels.length; start += BATCH) {
      const pixels = images.subarray(start * PIXELS, (start + BATCH) * PIXELS);
      const scores = (await runner.run(new Map([['data', Float32Array.from(pixels, (pixel) => pixel / 256)]]))).get(
        output,
      )!;
      for (let i = 0; i < BATCH; i++) {
        const row = scores.data.subarray(i * 10, i * 10 + 10);
        if (row.indexOf(row.reduce((best, score) => (score > best ? score : best))) === labels[start + i]) hits++;
      }
    }
    await runner.close();
    expect(Math.abs(hits / labels.length - accuracy)).toBeLessThan(0.0005);
  },
  60_000,
);
