import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { descriptor } from '../generated/caffe.ts';
import type { LayerParameter } from '../generated/caffe.ts';
import { openDataSource } from './data-source.ts';
import { diagnosticsOf } from './testing/diagnostics-of.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const Layer = protobuf.Root.fromJSON(descriptor as protobuf.INamespace).lookupType('caffe.LayerParameter');
const Blob = protobuf.Root.fromJSON(descriptor as protobuf.INamespace).lookupType('caffe.BlobProto');
const fixtures = join(__dirname, 'fixtures');
const folder = temporaryFolder();

const base = { name: 'mnist', type: 'Data', top: ['data', 'label'] };
const param = { source: 'datums-uint8', batch_size: 3, backend: 'LMDB' };

function layer(fields: object): LayerParameter {
  const message = Layer.fromObject({ ...base, data_param: param, ...fields });
  const parsed = Layer.toObject(message, { enums: String, arrays: true }) as LayerParameter;
  // protobufjs drops an enum's first value here; the parser does not.
  if (JSON.stringify(fields).includes('"LEVELDB"')) parsed.data_param!.backend = 'LEVELDB';
  return parsed;
}

function open(fields: object = {}, options: { phase?: 'TRAIN' | 'TEST'; seed?: number } = {}) {
  return openDataSource(layer(fields), {
    phase: 'TEST',
    seed: 1,
    resolvePath: (path) => join(path.endsWith('.binaryproto') ? folder.path : fixtures, path),
    file: 'train_val.prototxt',
    line: 7,
    ...options,
  });
}

/** Of the fixture: record i has the label 10 i and the pixels (37 i + 11 p) mod 256. */
const pixelsOf = (record: number) => Array.from({ length: 60 }, (_, p) => (37 * record + 11 * p) % 256);

describe('batches of a Data layer', () => {
  it('has tops, shapes and counts', async () => {
    const reader = await open();
    expect(reader.tops).toEqual([
      { name: 'data', shape: [3, 3, 4, 5] },
      { name: 'label', shape: [3] },
    ]);
    expect([reader.recordCount, reader.batchSize]).toEqual([7, 3]);
    expect(reader.diagnostics).toEqual([]);
    await reader.close();
  });

  it('walks the records over and over', async () => {
    const reader = await open();
    const labels = [];
    for (let i = 0; i < 4; i++) labels.push([...(await reader.batch(i))[1]!]);
    expect(labels).toEqual([
      [0, 10, 20],
      [30, 40, 50],
      [60, 0, 10],
      [20, 30, 40],
    ]);
    const [data] = await reader.batch(2);
    expect([...data!]).toEqual([...pixelsOf(6), ...pixelsOf(0), ...pixelsOf(1)]);
    await reader.close();
  });

  it('takes another batch size, larger than the data set too', async () => {
    const reader = await open();
    expect([...(await reader.batch(1, 2))[1]!]).toEqual([20, 30]);
    expect([...(await reader.batch(0, 9))[1]!]).toEqual([0, 10, 20, 30, 40, 50, 60, 0, 10]);
    await reader.close();
  });

  it('gives each record once for evaluation', async () => {
    const reader = await open();
    expect([...(await reader.records(0, 4))[1]!]).toEqual([0, 10, 20, 30]);
    expect([...(await reader.records(4, 4))[1]!]).toEqual([40, 50, 60]);
    expect((await reader.records(7, 4)).map((top) => top.length)).toEqual([0, 0]);
    await reader.close();
  });

  it('refuses numbers that are not a batch', async () => {
    const reader = await open();
    await expect(reader.batch(-1)).rejects.toThrow(RangeError);
    await expect(reader.batch(0.5)).rejects.toThrow(RangeError);
    await expect(reader.batch(0, 0)).rejects.toThrow(RangeError);
    await expect(reader.records(8, 1)).rejects.toThrow(RangeError);
    await reader.close();
  });

  it('leaves the labels out where the layer has one top', async () => {
    const reader = await open({ top: ['data'] });
    expect(reader.tops).toEqual([{ name: 'data', shape: [3, 3, 4, 5] }]);
    expect((await reader.batch(0)).length).toBe(1);
    await reader.close();
  });

  it('reads float records', async () => {
    const reader = await open({ data_param: { ...param, source: 'datums-float' } });
    const [data, label] = await reader.records(1, 1);
    expect([...data!]).toEqual([0, 1, 2, 3, 4, 5].map((p) => Math.fround(1 + 0.1 * p - 0.3)));
    expect([...label!]).toEqual([1]);
    await reader.close();
  });

  it('applies transform_param', async () => {
    const mean = Array.from({ length: 60 }, (_, i) => i / 7);
    writeFileSync(
      join(folder.path, 'mean.binaryproto'),
      Blob.encode(Blob.fromObject({ num: 1, channels: 3, height: 4, width: 5, data: mean })).finish(),
    );
    const reader = await open({ transform_param: { scale: 0.1, crop_size: 2, mean_file: 'mean.binaryproto' } });
    expect(reader.tops[0]!.shape).toEqual([3, 3, 2, 2]);
    const [data] = await reader.batch(0, 1);
    const places = [0, 1, 2].flatMap((c) => [6, 7, 11, 12].map((p) => 20 * c + p));
    const value = (p: number) => Math.fround(Math.fround(pixelsOf(0)[p]! - Math.fround(mean[p]!)) * Math.fround(0.1));
    expect([...data!]).toEqual(places.map(value));
    await reader.close();
  });

  it('takes random crops that are the same in any order and differ from pass to pass', async () => {
    const settings = { transform_param: { crop_size: 2, mirror: true } };
    const reader = await open(settings, { phase: 'TRAIN' });
    const again = await open(settings, { phase: 'TRAIN' });
    const other = await open(settings, { phase: 'TRAIN', seed: 2 });
    const whole = (await reader.batch(0, 70))[0]!;
    await fc.assert(
      fc.asyncProperty(fc.nat(22), async (index) => {
        const [data] = await again.batch(index);
        expect(data).toEqual(whole.slice(index * 3 * 12, (index + 1) * 3 * 12));
      }),
    );
    expect((await other.batch(0, 70))[0]).not.toEqual(whole);
    const passes = [...Array(10)].map((_, pass) => whole.slice(pass * 84, pass * 84 + 84).join());
    expect(new Set(passes).size).toBe(10);
    await Promise.all([reader, again, other].map((r) => r.close()));
  });

  it('says which settings Caffe ignores', async () => {
    const reader = await open({
      data_param: { ...param, rand_skip: 5, scale: 0.5 },
    });
    expect(reader.diagnostics.map(({ severity, line, message }) => [severity, line, message])).toEqual([
      ['warning', 7, 'ignored, as in Caffe: data_param.rand_skip'],
      ['warning', 7, 'ignored, as in Caffe: data_param.scale'],
    ]);
    expect((await reader.batch(0, 1))[0]![1]).toBe(11);
    await reader.close();
  });
});

describe('a mistake is told at the layer, with file and line', () => {
  const at = { severity: 'error', file: 'train_val.prototxt', line: 7, layer: 'mnist' };
  it.each([
    ['another type', { type: 'WindowData' }, /^layers of type 'WindowData' are not supported as the source of data$/],
    ['no data layer', { type: 'Convolution' }, /'Convolution' are not supported as the source/],
    ['LevelDB', { data_param: { ...param, backend: 'LEVELDB' } }, /datums-uint8: is of the kind LMDB, not LEVELDB/],
    ['LevelDB by default', { data_param: { source: 'datums-uint8', batch_size: 1 } }, /LMDB, not LEVELDB/],
    ['color and gray', { transform_param: { force_color: true, force_gray: true } }, /only one of them can be set/],
    ['no batch size', { data_param: { ...param, batch_size: 0 } }, /batch_size is 0/],
    ['three tops', { top: ['a', 'b', 'c'] }, /not 3/],
    ['a bottom', { bottom: ['a'] }, /no bottoms/],
    ['no data set', { data_param: { ...param, source: 'nowhere' } }, /nowhere: no such file/],
    [
      'an empty data set',
      { data_param: { ...param, source: 'empty' } },
      /empty\/data.mdb: the data set has no records/,
    ],
    ['a crop too large', { transform_param: { crop_size: 5 } }, /crop_size 5 is larger/],
    ['two means for three channels', { transform_param: { mean_value: [1, 2] } }, /2 mean_value for 3 channels/],
    ['no mean file', { transform_param: { mean_file: 'no.binaryproto' } }, /no.binaryproto: no such file/],
  ])('%s', async (_, fields, message) => {
    const diagnostics = await diagnosticsOf(() => open(fields));
    expect(diagnostics).toEqual([expect.objectContaining({ ...at, message: expect.stringMatching(message) })]);
  });

  it('all mistakes at once', async () => {
    const fields = {
      data_param: { ...param, batch_size: 0 },
      transform_param: { crop_size: 9, mean_file: 'no.binaryproto', mean_value: [1] },
    };
    const codes = (await diagnosticsOf(() => open(fields))).map(({ code }) => code);
    expect(codes).toEqual(['batch-size', 'transform', 'data-unreadable', 'transform']);
  });

  it.each([
    [1, 'datum-shape', /record 1 has the shape \[1, 2, 3\], but the first record has \[1, 2, 2\]/],
    [2, 'image', /datums-mixed\/data.mdb: the image of record 2 \(key '00000002'\) is a JPEG without a frame/],
    [3, 'datum-malformed', /record 3 \(key '00000003'\) has 5 pixel values/],
    [4, 'datum-malformed', /record 4 \(key '00000004'\) is not a Datum message/],
  ])('record %d', async (record, code, message) => {
    const reader = await open({ data_param: { ...param, source: 'datums-mixed' } });
    const diagnostics = await diagnosticsOf(() => reader.records(record, 1));
    expect(diagnostics).toEqual([expect.objectContaining({ ...at, code, message: expect.stringMatching(message) })]);
    await reader.close();
  });
});

it('reads the committed Fashion-MNIST: balanced classes, the first test image an ankle boot', async () => {
  const source = join(__dirname, '../../../../models/data/fashion-mnist');
  for (const [name, count] of [
    ['train_lmdb', 4000],
    ['test_lmdb', 2000],
  ] as const) {
    const reader = await openDataSource(layer({ data_param: { ...param, source: join(source, name) } }), {
      phase: 'TEST',
      seed: 1,
      resolvePath: (path) => path,
      file: 'train_val.prototxt',
    });
    const [data, labels] = await reader.records(0, Infinity);
    expect([reader.recordCount, data!.length, labels![0]]).toEqual([count, count * 28 * 28, 9]);
    for (let label = 0; label < 10; label++) expect(labels!.filter((l) => l === label).length).toBe(count / 10);
    await reader.close();
  }
  expect(readFileSync(join(source, 'LICENSE'), 'utf8')).toContain('Zalando');
});
