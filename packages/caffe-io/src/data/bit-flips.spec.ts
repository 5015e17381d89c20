import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { loadHdf5 } from '../hdf5/load-hdf5.ts';
import { fingerprintSources } from './fingerprint.ts';
import type { DataSource } from './fingerprint.ts';
import { diagnosticsOf } from './testing/diagnostics-of.ts';
import { flipBits } from './testing/flip-bits.ts';
import type { Flips } from './testing/flip-bits.ts';
import { openLayer } from './testing/open-layer.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { writeLevelDb } from './testing/write-leveldb.ts';

/** The table in docs/data.md is of CAFFE_QUANT_FLIPS=200. */
const TRIALS = Number(process.env['CAFFE_QUANT_FLIPS'] ?? 20);

/** HDF5's number of the filter. */
const FLETCHER32 = { compression: 3, compression_opts: [] };

const folder = temporaryFolder();
const path = (...names: string[]) => join(folder.path, ...names);

/** Looks at a data set as a run does: its fingerprint first, then every record. */
async function readThrough(source: DataSource | undefined, layer: string): Promise<string> {
  if (source) await fingerprintSources([source], { cacheDir: false });
  const reader = await openLayer(layer, folder.path);
  try {
    const hash = createHash('sha256').update(`${reader.recordCount}`);
    for (const values of await reader.records(0, reader.recordCount)) hash.update(values);
    return hash.digest('hex');
  } finally {
    await reader.close();
  }
}

const dataLayer = (backend: string) => `layer { name: "d" type: "Data" top: "data" top: "label"
  data_param { source: "set" backend: ${backend} batch_size: 4 } }`;
const readDatabase = (backend: string) => () => readThrough({ name: 'set', path: path('set') }, dataLayer(backend));

/** A Datum of 1 x 4 x 16 pixels. */
function datum(i: number): Uint8Array {
  const pixels = Uint8Array.from({ length: 64 }, (_, k) => (i * 37 + k * k) % 251);
  return Uint8Array.of(0x08, 1, 0x10, 4, 0x18, 16, 0x22, 64, ...pixels, 0x28, i % 10);
}
const records = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => [String(from + i).padStart(8, '0'), datum(from + i)] as const);

/** In the long form, the table of docs/data.md. */
function shown(what: string, flips: Flips): Flips {
  const { refused, same, silent, unnamed } = flips;
  const row = `${what}: refused ${refused}, read the same ${same}, silently different ${silent}`;
  if (process.env['CAFFE_QUANT_FLIPS']) process.stdout.write(`${row}, refused without the file ${unnamed.length}\n`);
  return flips;
}

describe('one wrong bit changes nothing that is read: it is found, or no content hangs on it', () => {
  it.each(['.ldb', '.log', 'MANIFEST-', 'CURRENT'])('in the %s of a LevelDB', async (kind) => {
    await writeLevelDb(path('set'), records(0, 150));
    await writeLevelDb(path('set'), records(150, 50), { compacted: false });
    const file = path(
      'set',
      readdirSync(path('set')).find((name) => name.includes(kind))!,
    );
    const flips = await flipBits({ file, named: file, trials: TRIALS }, readDatabase('LEVELDB'));
    expect(shown(kind, flips)).toMatchObject({ silent: 0, unnamed: [] });
  });

  it('in a PNG', async () => {
    writeFileSync(path('a.png'), await picture().png().toBuffer());
    const flips = await flipBits({ file: path('a.png'), named: path('a.png'), trials: TRIALS }, readImages('a.png'));
    expect(shown('PNG', flips)).toMatchObject({ silent: 0, unnamed: [] });
  });

  it('in an HDF5 file with checksums', async () => {
    await writeHdf5('latest', FLETCHER32);
    const flips = await flipBits({ file: path('a.h5'), named: path('a.h5'), trials: TRIALS }, readHdf5);
    expect(shown('HDF5, Fletcher32, new format', flips)).toMatchObject({ silent: 0, unnamed: [] });
  });
});

describe('where a format has no checksums, what contradicts itself is found', () => {
  it('in an LMDB', async () => {
    cpSync(join(__dirname, 'fixtures', 'datums-uint8'), path('set'), { recursive: true });
    const file = path('set', 'data.mdb');
    const flips = await flipBits({ file, named: file, trials: TRIALS }, readDatabase('LMDB'));
    expect(shown('LMDB of seven records', flips).unnamed).toEqual([]);
  });

  it('in the size of an LMDB’s value: its Datum is of another', async () => {
    cpSync(join(__dirname, 'fixtures', 'datums-uint8'), path('set'), { recursive: true });
    const file = path('set', 'data.mdb');
    const bytes = readFileSync(file);
    const leaf = 4096 * Number(bytes.readBigUInt64LE(4096 + 128));
    for (let at = leaf + 16; at < leaf + bytes.readUInt16LE(leaf + 12); at += 2) {
      const node = leaf + bytes.readUInt16LE(at);
      bytes[node]! ^= 1;
      writeFileSync(file, bytes);
      bytes[node]! ^= 1;
      const [diagnostic] = await diagnosticsOf(readDatabase('LMDB'));
      expect(diagnostic!.message).toContain(file);
    }
  });

  it.each<[string, () => Promise<Buffer>]>([
    ['jpg', () => picture().jpeg().toBuffer()],
    ['bmp', async () => bitmap()],
  ])('in a %s', async (kind, make) => {
    const name = `a.${kind}`;
    writeFileSync(path(name), await make());
    const flips = await flipBits({ file: path(name), named: path(name), trials: TRIALS }, readImages(name));
    expect(shown(kind, flips).unnamed).toEqual([]);
  });

  it.each<[string, object]>([
    ['contiguous', {}],
    ['deflate', { compression: 4 }],
    ['Fletcher32', FLETCHER32],
  ])('in an HDF5 file of the old format, %s', async (what, how) => {
    await writeHdf5('earliest', how);
    const flips = await flipBits({ file: path('a.h5'), named: path('a.h5'), trials: TRIALS }, readHdf5);
    expect(shown(`HDF5, ${what}, old format`, flips).unnamed).toEqual([]);
  });
});

const picture = () =>
  sharp(
    Uint8Array.from({ length: 32 * 24 * 3 }, (_, i) => (i * i * 7 + i) % 256),
    { raw: { width: 32, height: 24, channels: 3 } },
  );

/** 12 x 10 pixels of 24 bits. */
function bitmap(): Buffer {
  const bytes = Buffer.alloc(54 + 36 * 10);
  bytes.write('BM');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(12, 18);
  bytes.writeInt32LE(10, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  bytes.writeUInt32LE(360, 34);
  for (let i = 54; i < bytes.length; i++) bytes[i] = (i * 31) % 256;
  return bytes;
}

function readImages(name: string): () => Promise<string> {
  writeFileSync(path('list.txt'), `${name} 1\n`);
  const lists = { kind: 'images', rootFolder: '', folders: [folder.path] } as const;
  const layer = `layer { name: "d" type: "ImageData" top: "data" top: "label"
    image_data_param { source: "list.txt" batch_size: 1 } }`;
  return () => readThrough({ name: 'list.txt', path: path('list.txt'), lists }, layer);
}

async function writeHdf5(libver: 'earliest' | 'latest', how: object): Promise<void> {
  const { File } = await loadHdf5();
  const file = new File(path('a.h5'), 'w', { libver: libver === 'earliest' ? ['earliest', 'v108'] : 'latest' });
  const data = Float32Array.from({ length: 96 }, (_, i) => Math.sin(i));
  const isChunked = Object.keys(how).length > 0;
  file.create_dataset({ name: 'data', data, shape: [24, 4], ...(isChunked && { chunks: [8, 4] }), ...how });
  const label = Int32Array.from({ length: 24 }, (_, i) => i);
  file.create_dataset({ name: 'label', data: label, shape: [24], ...(isChunked && { chunks: [8] }), ...how });
  file.close();
  writeFileSync(path('list.txt'), 'a.h5\n');
}

const readHdf5 = () =>
  readThrough(
    {
      name: 'list.txt',
      path: path('list.txt'),
      lists: { kind: 'hdf5', rootFolder: '', folders: [folder.path] },
    },
    `layer { name: "d" type: "HDF5Data" top: "data" top: "label"
      hdf5_data_param { source: "list.txt" batch_size: 4 } }`,
  );
