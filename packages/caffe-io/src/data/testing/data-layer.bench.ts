/**
 * Reading speed of a Data layer, records per second:
 *
 *   node --import @swc-node/register/esm-register --conditions @caffe-quant/source \
 *     packages/caffe-io/src/data/testing/data-layer.bench.ts [<LMDB>] [<crop_size>]
 *
 * Default: the committed Fashion-MNIST training set.
 */
import { performance } from 'node:perf_hooks';
import type { LayerParameter } from '../../generated/caffe.ts';
import { openDataSource } from '../data-source.ts';
import { digestFile } from '../digest-file.ts';
import { lmdbDataFile } from '../lmdb.ts';

async function main([source = 'models/data/fashion-mnist/train_lmdb', crop = '0']: string[]): Promise<void> {
  const data = { source, batch_size: 64, backend: 'LMDB' };
  const line = (text: string, milliseconds: number, count: number, unit: string) =>
    process.stdout.write(
      `${text}: ${milliseconds.toFixed(0)} ms, ${Math.round(count / (milliseconds / 1000))} ${unit}/s\n`,
    );

  let start = performance.now();
  const digest = await digestFile(lmdbDataFile(source), { cacheDir: false });
  line('sha256', performance.now() - start, digest.size / 1e6, 'MB');
  for (const [name, transform] of [
    ['scale', { scale: 1 / 256, crop_size: Number(crop), mean_value: [] }],
    ['scale, mean_value, mirror', { scale: 1 / 256, mean_value: [127], mirror: true, crop_size: Number(crop) }],
  ] as const) {
    const layer = {
      name: 'data',
      type: 'Data',
      top: ['data', 'label'],
      bottom: [],
      data_param: data,
      transform_param: transform,
    };
    start = performance.now();
    const reader = await openDataSource(layer as unknown as LayerParameter, {
      phase: 'TRAIN',
      seed: 1,
      resolvePath: (path) => path,
      file: '',
    });
    line(`${name}: open ${reader.recordCount} records`, performance.now() - start, reader.recordCount, 'records');
    const batches = Math.ceil(reader.recordCount / reader.batchSize);
    for (const order of ['in order', 'at random']) {
      start = performance.now();
      for (let i = 0; i < batches; i++) {
        await reader.batch(order === 'in order' ? i : (i * 7919) % batches);
      }
      line(`${name}: batches ${order}`, performance.now() - start, batches * reader.batchSize, 'records');
    }
    await reader.close();
  }
}

void main(process.argv.slice(2));
