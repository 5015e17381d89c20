import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { decodeDatum, LmdbReader } from '@caffe-quant/caffe-io';

const script = join(__dirname, 'make-lmdb.mjs');
const committed = join(__dirname, '../../models/data/fashion-mnist');
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fashion-mnist-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('make-lmdb', () => {
  /** Sets of 2x3 images; image i has the class i mod 10 and the pixels i, i + 1, ... */
  function writeIdx(name: string, count: number): void {
    const header = (...numbers: number[]) =>
      Buffer.concat(numbers.map((n) => Buffer.of(n >>> 24, n >>> 16, n >>> 8, n)));
    const pixels = Buffer.from(Array.from({ length: count * 6 }, (_, i) => Math.floor(i / 6) + (i % 6)));
    const labels = Buffer.from(Array.from({ length: count }, (_, i) => i % 10));
    writeFileSync(
      join(folder, `${name}-images-idx3-ubyte.gz`),
      gzipSync(Buffer.concat([header(0x803, count, 2, 3), pixels])),
    );
    writeFileSync(
      join(folder, `${name}-labels-idx1-ubyte.gz`),
      gzipSync(Buffer.concat([header(0x801, count), labels])),
    );
  }

  function read(name: string) {
    const reader = new LmdbReader(join(folder, name));
    const records = Array.from({ length: reader.recordCount }, (_, i) => {
      const { key, value } = reader.record(i);
      const { channels, height, width, label, pixels } = decodeDatum(value);
      return { key: Buffer.from(key).toString(), shape: [channels, height, width], label, pixels: [...pixels] };
    });
    reader.close();
    return records;
  }

  it('takes every 15th training and every 5th test image of each class, with their numbers as keys', () => {
    writeIdx('train', 200);
    writeIdx('t10k', 100);
    execFileSync('node', [script, '--from', folder, '--out', folder]);
    const train = read('train_lmdb');
    expect(train.map(({ key }) => Number(key))).toEqual([
      ...Array(10).keys(),
      ...Array.from({ length: 10 }, (_, i) => 150 + i),
    ]);
    expect(train[11]).toEqual({ key: '00000151', shape: [1, 2, 3], label: 1, pixels: [151, 152, 153, 154, 155, 156] });
    expect(read('test_lmdb').length).toBe(20);
  });

  it('takes all images with --full', () => {
    writeIdx('train', 200);
    writeIdx('t10k', 100);
    execFileSync('node', [script, '--full', '--from', folder, '--out', folder]);
    expect(read('full/train_lmdb').map(({ key }) => Number(key))).toEqual([...Array(200).keys()]);
  });
});

describe('the committed data', () => {
  const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

  it.each(['train_lmdb', 'test_lmdb'])('%s is as its README says', (name) => {
    expect(readFileSync(join(committed, 'README.md'), 'utf8')).toContain(sha256(join(committed, name, 'data.mdb')));
  });

  const hasSource = existsSync('/usr/share/datasets/fashion-mnist');
  (hasSource ? it : it.skip)("comes out again, byte for byte (needs Debian's dataset-fashion-mnist)", () => {
    execFileSync('node', [script, '--out', folder]);
    for (const name of ['train_lmdb', 'test_lmdb']) {
      expect(sha256(join(folder, name, 'data.mdb'))).toBe(sha256(join(committed, name, 'data.mdb')));
    }
  });
});

describe('the LMDB writer', () => {
  function write(code: string): LmdbReader {
    const writer = pathToFileURL(join(__dirname, 'lmdb-writer.mjs')).href;
    const file = join(folder, 'data.mdb');
    const program = `import { writeLmdb } from ${JSON.stringify(writer)}; import { writeFileSync } from 'node:fs';
      const records = ${code}; writeFileSync(${JSON.stringify(file)}, writeLmdb(records));`;
    execFileSync('node', ['--input-type=module', '-e', program], { stdio: ['ignore', 'ignore', 'pipe'] });
    return new LmdbReader(file);
  }

  it.each([
    ['no records', 0, 8, 0],
    ['one record', 1, 8, 0],
    ['values of all sizes, in leaves and outside', 300, 8, 61],
    ['long keys, a deep tree', 700, 400, 1],
  ])('%s', (_, count, keySize, step) => {
    const reader = write(`Array.from({ length: ${count} }, (_, i) => ({
      key: Buffer.from(String(i).padStart(${keySize}, '0')), value: Buffer.alloc(i * ${step}, i) }))`);
    expect(reader.recordCount).toBe(count);
    for (let i = 0; i < count; i++) {
      const { key, value } = reader.record(i);
      expect(Buffer.from(key).toString()).toBe(String(i).padStart(keySize, '0'));
      expect(Buffer.compare(value, Buffer.alloc(i * step, i))).toBe(0);
    }
    reader.close();
  });

  it('refuses keys out of order', () => {
    expect(() => write(`['b', 'a'].map((key) => ({ key: Buffer.from(key), value: Buffer.alloc(1) }))`)).toThrow(
      /out of order/,
    );
  });
});
