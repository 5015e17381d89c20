import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATA_LAYERS, type DataLayerType, dataLayerType } from '@caffe-quant/caffe-io';
import { runAll } from '../testing/run-all.ts';
import { runIn } from '../testing/run-in.ts';
import { SMALL_PROJECT, smallProject } from '../testing/small-project.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { fingerprintStage } from './fingerprint/stage.ts';
import { resolveStage } from './resolve/stage.ts';

/**
 * A data layer is one descriptor and one line of registration, as CONTRIBUTING says: all that is to be known of it comes of
 * its type, so that stages read it, and depend on what it reads, without a word about it elsewhere.
 */

const folder = temporaryFolder();
const SHAPES = { data: [3, 4, 5], label: [] } as const;

/** Records as lines of a text: 60 pixels and a label. */
const linesData = dataLayerType({
  type: 'LinesData',
  bottoms: 0,
  tops: 2,
  fields: { hdf5_data_param: { source: true, batch_size: true } },
  param: 'hdf5_data_param',
  settings: ({ hdf5_data_param: param, top = [] }) => ({
    source: param?.source ?? '',
    batchSize: param?.batch_size ?? 1,
    tops: top,
  }),
  batchSize: ({ batchSize }) => batchSize,
  reads: ({ source }) => [{ path: source }],
  async open({ source, batchSize, tops }, { resolvePath }) {
    const lines = readFileSync(resolvePath(source), 'utf8').trim().split('\n');
    const rows = lines.map((line) => line.split(' ').map(Number));
    const take = (start: number, count: number) => {
      const taken = Array.from({ length: count }, (_, i) => rows[(start + i) % rows.length]!);
      return [taken.flatMap((row) => row.slice(0, 60)), taken.map((row) => row[60]!)].map((top) =>
        Float32Array.from(top),
      );
    };
    return {
      tops: tops.map((name, i) => ({ name, shape: [batchSize, ...Object.values(SHAPES)[i]!] })),
      recordCount: rows.length,
      batchSize,
      diagnostics: [],
      batch: (index, size = batchSize) => Promise.resolve(take(index * size, size)),
      records: (start, count) => Promise.resolve(take(start, Math.min(count, rows.length - start))),
      close: () => Promise.resolve(),
    };
  },
});

const registered = DATA_LAYERS as Map<string, DataLayerType>;
beforeAll(() => registered.set(linesData.type, linesData));
afterAll(() => registered.delete(linesData.type));

const NET = SMALL_PROJECT['train_val.prototxt']!.replace('type: "Data"', 'type: "LinesData"').replace(
  /data_param \{.*\}/,
  'hdf5_data_param { source: "lines.txt" batch_size: 2 }',
);

const records = (first: number) =>
  Array.from({ length: 6 }, (_, i) =>
    [...Array.from({ length: 60 }, (_, k) => (first + 7 * i + 3 * k) % 11), i % 3].join(' '),
  ).join('\n');

const project = (data = records(0), net = NET) =>
  smallProject(folder.path, { data: null, 'lines.txt': data, 'train_val.prototxt': net });
const outcome = (stage: string, file: string) =>
  readFileSync(join(folder.path, 'dist/quantize/small', stage, file), 'utf8');

test('changed data change the fingerprint', async () => {
  const place = project();
  const fingerprint = async () => {
    const run = await runIn(place, fingerprintStage);
    expect(run.errors).toBe('');
    return outcome('fingerprint', 'fingerprint.json');
  };
  const before = await fingerprint();
  expect(Object.keys((JSON.parse(before) as { data: object }).data)).toEqual(['lines.txt']);
  expect(await fingerprint()).toBe(before);
  writeFileSync(join(place.root, 'lines.txt'), records(1));
  const after = await fingerprint();
  expect(after).not.toBe(before);
  writeFileSync(join(place.root, 'lines.txt'), records(0));
  expect(await fingerprint()).toBe(before);
});

test('all stages read it, and what is delivered tells of it', async () => {
  const run = await runAll(project(), { mode: 'calibrate' });
  expect([run.errors, run.success]).toEqual(['', true]);
  const model = readFileSync(run.file('export/small_int8.onnx'), 'latin1');
  expect(model).toContain('data: float32 [batch, 3, 4, 5], as the LinesData layer "data" gives it');
});

test('a field that it does not declare is refused at its line', async () => {
  const place = project(records(0), NET.replace('batch_size: 2', 'batch_size: 2 shuffle: true'));
  const run = await runIn(place, fingerprintStage);
  const resolved = await runIn(place, resolveStage);
  expect(`${run.errors}${resolved.errors}`).toMatch(/train_val\.prototxt:7:.*hdf5_data_param\.shuffle/);
});
