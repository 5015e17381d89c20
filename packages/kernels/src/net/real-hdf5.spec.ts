import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildNetGraph, readCaffemodelFile, readNetText } from '@caffe-quant/caffe-io';
import { decodeImage } from '../../../caffe-io/src/data/image/decode-image.ts';
import { resizeImage } from '../../../caffe-io/src/data/image/resize.ts';
import { loadHdf5 } from '../../../caffe-io/src/hdf5/load-hdf5.ts';
import { evaluate, netRunnerFactory } from '../evaluate/evaluate.ts';
import { fitWeights } from './fit-weights.ts';
import { NetData } from './net-data.ts';

/** Published nets that train on HDF5Data, with their weights, on data made here in the shapes that their authors used. */
const MODELS = join(__dirname, '../../../../../shared/models');
const present = existsSync(MODELS);
if (!present) console.warn('the real models are not beside the repository: no net with HDF5Data is run');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caffe-quant-kernels-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function writeHdf5(name: string, content: Record<string, { data: Float32Array; shape: number[] }>) {
  const { File } = await loadHdf5();
  const file = new File(join(folder, name), 'w');
  for (const [dataset, { data, shape }] of Object.entries(content)) file.create_dataset({ name: dataset, data, shape });
  file.close();
}

async function lossOf(text: string, weightsFile: string, phase: 'TRAIN' | 'TEST'): Promise<Record<string, number>> {
  const { graph } = buildNetGraph(readNetText(text, 'net.prototxt').net, { file: 'net.prototxt', phase });
  const resolvePath = () => join(folder, 'list.txt');
  const data = await NetData.open(graph, { seed: 1, resolvePath });
  const { weights } = fitWeights(graph, data.inputShapes(), readCaffemodelFile(weightsFile), weightsFile);
  const { metrics } = await evaluate(graph, data, netRunnerFactory(graph, weights));
  await data.close();
  return metrics;
}

const SIZE = 41;
const STRIDE = 70;
const SCALE = 2;

/** A photo in patches, [rows, 1, 41, 41], and the same patches after the photo was made small and large again. */
async function blurredPatches(): Promise<{ sharp: Float32Array; blurred: Float32Array; rows: number }> {
  const photo = await decodeImage(readFileSync(join(MODELS, 'vdsr/butterfly_GT.bmp')), 'gray');
  const small = resizeImage(photo, photo.height / SCALE, photo.width / SCALE);
  const large = resizeImage(small, photo.height, photo.width);
  const corners: number[] = [];
  for (let top = 0; top + SIZE <= photo.height; top += STRIDE) {
    for (let left = 0; left + SIZE <= photo.width; left += STRIDE) corners.push(top * photo.width + left);
  }
  const cut = (pixels: Uint8Array) =>
    Float32Array.from({ length: corners.length * SIZE * SIZE }, (_, i) => {
      const [patch, place] = [Math.floor(i / SIZE ** 2), i % SIZE ** 2];
      return pixels[corners[patch]! + Math.floor(place / SIZE) * photo.width + (place % SIZE)]! / 255;
    });
  return { sharp: cut(photo.pixels), blurred: cut(large.pixels), rows: corners.length };
}

(present ? test : test.skip)(
  'VDSR sharpens patches of its own photo: half of the loss is gone',
  async () => {
    const { sharp, blurred, rows } = await blurredPatches();
    const shape = [rows, 1, SIZE, SIZE];
    await writeHdf5('patches.h5', { data: { data: blurred, shape }, label: { data: sharp, shape } });
    writeFileSync(join(folder, 'list.txt'), 'patches.h5\n');
    const net = readFileSync(join(MODELS, 'vdsr/VDSR_net.prototxt'), 'utf8');
    const { loss } = await lossOf(net, join(MODELS, 'vdsr/VDSR_Adam.caffemodel'), 'TEST');
    const squares = blurred.reduce((sum, value, i) => sum + (value - sharp[i]!) ** 2, 0);
    expect(loss).toBeLessThan(squares / 2 / rows / 2);
  },
  60_000,
);

(present ? test : test.skip)(
  'the landmark net of a template reads images and their landmarks of one file',
  async () => {
    const data = Float32Array.from({ length: 3 * 39 * 39 }, (_, i) => Math.sin(i / 50));
    await writeHdf5('faces.h5', {
      data: { data, shape: [3, 1, 39, 39] },
      landmark: { data: Float32Array.from({ length: 30 }, (_, i) => (i % 10) / 10), shape: [3, 10] },
    });
    writeFileSync(join(folder, 'list.txt'), 'faces.h5\n');
    const template = readFileSync(join(MODELS, 'deep-landmark/s0_train.prototxt.template'), 'utf8');
    const net = template
      .replaceAll('{{', '{')
      .replaceAll('}}', '}')
      .replaceAll('{level}', '1')
      .replaceAll('{name}', 'F');
    const { error } = await lossOf(net, join(MODELS, 'deep-landmark/1_F.caffemodel'), 'TEST');
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThan(10);
  },
);
