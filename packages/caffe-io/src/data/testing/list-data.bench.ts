/**
 * Speed of lists of images: fingerprints of many files, the second by the memo, and reading.
 *
 *   node --import @swc-node/register/esm-register --conditions @caffe-quant/source \
 *     packages/caffe-io/src/data/testing/list-data.bench.ts [<number of images>]
 *
 * The images are 480 x 360, resized to 256 x 256 and cropped to 224 x 224, in a temporary folder.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import sharp from 'sharp';
import { fingerprintSources } from '../fingerprint.ts';
import { openLayer } from './open-layer.ts';

const READ = 512;

async function main([count = '50000']: string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'caffe-io-bench-'));
  const say = (text: string, start: number, more = '') =>
    process.stdout.write(`${text}: ${(performance.now() - start).toFixed(0)} ms${more}\n`);
  try {
    const pixels = Uint8Array.from({ length: 480 * 360 * 3 }, (_, i) => 127 + 100 * Math.sin(i / 997) + (i % 23));
    const jpeg = await sharp(pixels, { raw: { width: 480, height: 360, channels: 3 } })
      .jpeg()
      .toBuffer();
    const names = Array.from({ length: Number(count) }, (_, i) => `${i % 100}/${i}.jpg`);
    for (let i = 0; i < 100; i++) mkdirSync(join(folder, `${i}`));
    names.forEach((name, i) => writeFileSync(join(folder, name), Buffer.concat([jpeg, Buffer.from(`${i}`)])));
    writeFileSync(join(folder, 'list.txt'), names.map((name, i) => `${name} ${i % 1000}\n`).join(''));
    await new Promise((resolve) => setTimeout(resolve, 2100));
    const lists = { kind: 'images', rootFolder: '', folders: [folder] } as const;
    const source = { name: 'list', path: join(folder, 'list.txt'), lists };
    for (const which of ['first', 'second', 'third']) {
      const start = performance.now();
      await fingerprintSources([source], { cacheDir: join(folder, 'cache') });
      say(`${which} fingerprint of ${count} images of ${(jpeg.length / 1000).toFixed(0)} kB`, start);
    }
    let start = performance.now();
    const reader = await openLayer(
      `layer { name: "d" type: "ImageData" top: "data" top: "label" transform_param { crop_size: 224 mirror: true }
               image_data_param { source: "list.txt" shuffle: true batch_size: 64 new_height: 256 new_width: 256 } }`,
      folder,
      { phase: 'TRAIN' },
    );
    say('open', start);
    start = performance.now();
    for (let i = 0; i < READ / 64; i++) await reader.batch(i);
    const seconds = (performance.now() - start) / 1000;
    say(
      'batches',
      start,
      `, ${(READ / seconds).toFixed(0)} images/s, ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`,
    );
    await reader.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main(process.argv.slice(2));
