import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildNetGraph, readCaffemodelFile, readNetText } from '@caffe-quant/caffe-io';
import { evaluate, netRunnerFactory } from '../evaluate/evaluate.ts';
import { fitWeights } from './fit-weights.ts';
import { NetData } from './net-data.ts';

/**
 * A LeNet that its author published in 2014 with the LevelDB of MNIST's test images: V1 prototxt, no `backend`, `scale` in
 * data_param. OpenCV's dnn module finds 99.10 % of the images right.
 */
const FOLDER = join(__dirname, '../../../../../shared/models/lenet-v1-2014');
const ACCURACY = 0.991;

const present = existsSync(FOLDER);
if (!present) console.warn('the LeNet of 2014 is not beside the repository: its LevelDB is not read');

function content(folder: string): string[] {
  return readdirSync(folder).map((name) => {
    const file = join(folder, name);
    const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
    return `${name} ${statSync(file).mtimeMs} ${sha256}`;
  });
}

(present ? test : test.skip)(
  'is right on 99.10 % of its own LevelDB, which stays as it is',
  async () => {
    const before = content(join(FOLDER, 'mnist-test-leveldb'));
    const file = 'lenet_test.prototxt';
    const { net } = readNetText(readFileSync(join(FOLDER, file), 'utf8'), file);
    const { graph } = buildNetGraph(net, { file, phase: 'TEST' });
    const data = await NetData.open(graph, { seed: 1, resolvePath: (path) => join(FOLDER, path) });
    expect(data.recordCount).toBe(10_000);
    const model = readCaffemodelFile(join(FOLDER, 'lenet_iter_10000'));
    const { weights } = fitWeights(graph, data.inputShapes(), model, 'lenet_iter_10000');
    const { metrics } = await evaluate(graph, data, netRunnerFactory(graph, weights));
    await data.close();
    expect(Math.abs(metrics['accuracy']! - ACCURACY)).toBeLessThan(0.0005);
    expect(content(join(FOLDER, 'mnist-test-leveldb'))).toEqual(before);
  },
  60_000,
);
