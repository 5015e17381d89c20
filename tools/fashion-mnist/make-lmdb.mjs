#!/usr/bin/env node
/**
 * Turns Fashion-MNIST's idx files into Caffe LMDBs of Datum records, as Caffe's `convert_mnist_data.cpp` does
 * for MNIST: keys are 8-digit image numbers, records are uint8 [1, 28, 28] images with their label.
 *
 *   node tools/fashion-mnist/make-lmdb.mjs            the committed subset: every 15th training and every 5th test
 *                                                     image of each class (4,000 and 2,000 images)
 *   node tools/fashion-mnist/make-lmdb.mjs --full     all 60,000 and 10,000 images, into the git-ignored folder full/
 *   options: --from <folder of the idx.gz files>      default: where Debian's dataset-fashion-mnist puts them
 *            --out <folder>                           default: models/data/fashion-mnist
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { writeLmdb } from './lmdb-writer.mjs';

const { values: options } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    from: { type: 'string', default: '/usr/share/datasets/fashion-mnist' },
    out: { type: 'string', default: fileURLToPath(new URL('../../models/data/fashion-mnist', import.meta.url)) },
  },
});

const sets = [
  { name: 'train_lmdb', files: 'train', everyNth: 15 },
  { name: 'test_lmdb', files: 't10k', everyNth: 5 },
];

for (const { name, files, everyNth } of sets) {
  const images = readIdx(join(options.from, `${files}-images-idx3-ubyte.gz`), 3);
  const labels = readIdx(join(options.from, `${files}-labels-idx1-ubyte.gz`), 1);
  if (images.shape[0] !== labels.shape[0]) throw new Error(`${images.shape[0]} images but ${labels.shape[0]} labels`);
  const chosen = options.full ? [...labels.data.keys()] : everyNthOfEachClass(labels.data, everyNth);
  const [, height, width] = images.shape;
  const size = height * width;
  const data = writeLmdb(
    chosen.map((i) => ({
      key: Buffer.from(String(i).padStart(8, '0')),
      value: encodeDatum(height, width, images.data.subarray(i * size, (i + 1) * size), labels.data[i]),
    })),
  );
  const folder = join(options.out, options.full ? 'full' : '', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'data.mdb'), data);
  const digest = createHash('sha256').update(data).digest('hex');
  console.log(`${join(folder, 'data.mdb')}: ${chosen.length} records, ${data.length} bytes, sha256 ${digest}`);
}

/** The idx format: two zero bytes, 8 for uint8, the number of axes, each axis as a big-endian uint32, the data. */
function readIdx(file, axes) {
  const bytes = gunzipSync(readFileSync(file));
  if (bytes.readUInt32BE(0) !== 0x0800 + axes) throw new Error(`${file}: not a uint8 idx file with ${axes} axes`);
  const shape = Array.from({ length: axes }, (_, axis) => bytes.readUInt32BE(4 + 4 * axis));
  const data = bytes.subarray(4 + 4 * axes);
  if (data.length !== shape.reduce((a, b) => a * b)) throw new Error(`${file}: truncated`);
  return { shape, data };
}

/** The 0th, nth, 2nth ... image of each class, in the files' order: balanced classes, spread evenly over the set. */
function everyNthOfEachClass(labels, n) {
  const seen = new Map();
  return [...labels.keys()].filter((i) => {
    const count = seen.get(labels[i]) ?? 0;
    seen.set(labels[i], count + 1);
    return count % n === 0;
  });
}

/** Message Datum: channels 1, height 2, width 3, data 4, label 5. */
function encodeDatum(height, width, pixels, label) {
  return Buffer.concat([
    Buffer.from([0x08, 1, 0x10, height, 0x18, width, 0x22, (pixels.length & 0x7f) | 0x80, pixels.length >> 7]),
    pixels,
    Buffer.from([0x28, label]),
  ]);
}
