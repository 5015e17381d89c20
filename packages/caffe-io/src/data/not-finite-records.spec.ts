import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { descriptor } from '../generated/caffe.ts';
import { loadHdf5 } from '../hdf5/load-hdf5.ts';
import { diagnosticsOf } from './testing/diagnostics-of.ts';
import { openLayer, PLACE } from './testing/open-layer.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { writeLevelDb } from './testing/write-leveldb.ts';

const folder = temporaryFolder();
const Datum = protobuf.Root.fromJSON(descriptor as protobuf.INamespace).lookupType('caffe.Datum');

async function hdf5(name: string, rows: Float32Array, label: number[]): Promise<void> {
  const { File } = await loadHdf5();
  const file = new File(join(folder.path, name), 'w', { libver: ['earliest', 'v108'] });
  file.create_dataset({ name: 'data', data: rows, shape: [label.length, 2, 3] });
  file.create_dataset({ name: 'label', data: Float32Array.from(label), shape: [label.length] });
  file.close();
}

const openHdf5 = () =>
  openLayer(
    'layer { name: "h" type: "HDF5Data" top: "data" top: "label" hdf5_data_param { source: "list.txt" batch_size: 2 } }',
    folder.path,
  );

describe('rows of HDF5 files', () => {
  const rows = (at?: number) => Float32Array.from({ length: 18 }, (_, i) => (i === at ? NaN : i));
  beforeEach(async () => {
    writeFileSync(join(folder.path, 'list.txt'), 'a.h5\nb.h5\n');
    await hdf5('a.h5', rows(), [0, 1, 2]);
  });

  test('a NaN is named by file, row, data set and element', async () => {
    await hdf5('b.h5', rows(2 * 6 + 4), [0, 1, 2]);
    const reader = await openHdf5();
    // The rows before it are as good as ever.
    expect([...(await reader.records(3, 2))[0]!]).toEqual([...rows().subarray(0, 12)]);
    expect(await diagnosticsOf(() => reader.batch(2))).toMatchObject([
      {
        ...PLACE,
        ...{ code: 'not-finite', severity: 'error', layer: 'h' },
        message: expect.stringMatching(
          /list\.txt:2: .*b\.h5 is not finite in row 2 of 'data': element \[1, 1\] is NaN$/,
        ),
      },
    ]);
  });

  test('so is one that is not part of an array', async () => {
    await hdf5('b.h5', rows(), [0, Infinity, 2]);
    const reader = await openHdf5();
    const [problem] = await diagnosticsOf(() => reader.records(0, 6));
    expect(problem!.message).toMatch(/b\.h5 is not finite in row 1 of 'label': the row is Infinity$/);
  });
});

test('a NaN among the float_data of a Datum is named by record and pixel', async () => {
  const datum = (values: number[]) =>
    Datum.encode(Datum.fromObject({ channels: 1, height: 2, width: 2, label: 1, float_data: values })).finish();
  await writeLevelDb(join(folder.path, 'db'), [
    [Buffer.from('a'), datum([0, 1, 2, 3])],
    [Buffer.from('b'), datum([0, 1, -Infinity, NaN])],
  ]);
  const reader = await openLayer(
    'layer { name: "d" type: "Data" top: "data" data_param { source: "db" batch_size: 2 backend: LEVELDB } }',
    folder.path,
  );
  expect(await diagnosticsOf(() => reader.batch(0))).toEqual([
    {
      ...PLACE,
      ...{ code: 'not-finite', severity: 'error', layer: 'd', hint: 'write the record anew, or leave it out' },
      message: 'of record 1 element [0, 1, 0] is -Infinity, the first of 2 that are not finite',
    },
  ]);
  await reader.close();
});
