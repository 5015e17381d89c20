import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { loadHdf5 } from '../hdf5/load-hdf5.ts';
import { diagnosticsOf } from './testing/diagnostics-of.ts';
import { openLayer, PLACE } from './testing/open-layer.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const folder = temporaryFolder();
const shared = join(process.cwd(), '../shared/data/hdf5');

type Numbers = Float32Array | Float64Array | Int8Array | Uint8Array | Int32Array | BigInt64Array;
type Content = Record<string, { data: Numbers | string[]; shape: number[]; chunks?: number[] }>;

async function write(name: string, content: Content): Promise<void> {
  const { File } = await loadHdf5();
  const file = new File(join(folder.path, name), 'w', { libver: ['earliest', 'v108'] });
  for (const [dataset, { data, shape, chunks }] of Object.entries(content)) {
    const compression = chunks && { chunks, compression: 6 };
    file.create_dataset({ name: dataset, data, shape, ...compression });
  }
  file.close();
}

const list = (...lines: string[]) => writeFileSync(join(folder.path, 'list.txt'), `${lines.join('\n')}\n`);
const open = (param = '', { tops = ['data', 'label'], more = '', seed = 1 } = {}) =>
  openLayer(
    `layer { name: "h" type: "HDF5Data" ${tops.map((top) => `top: "${top}"`).join(' ')} ${more}
             hdf5_data_param { source: "list.txt" batch_size: 2 ${param} } }`,
    folder.path,
    { seed },
  );
const counting = (length: number, from = 0) => Float32Array.from({ length }, (_, i) => from + i);
/** Rows `from` to `from + rows`: row r has the data 4 r to 4 r + 3 and the label r. */
const rowsFrom = (from: number, rows: number): Content => ({
  data: { data: counting(4 * rows, 4 * from), shape: [rows, 1, 2, 2] },
  label: { data: counting(rows, from), shape: [rows, 1] },
});

beforeEach(async () => {
  await write('a.h5', rowsFrom(0, 3));
  await write('b.h5', rowsFrom(3, 4));
  list('a.h5', 'b.h5');
});

describe('batches of an HDF5Data layer', () => {
  it('are the rows across the files, over and over', async () => {
    const reader = await open();
    expect(reader.tops).toEqual([
      { name: 'data', shape: [2, 1, 2, 2] },
      { name: 'label', shape: [2, 1] },
    ]);
    expect(reader.recordCount).toBe(7);
    const labels = [];
    for (let i = 0; i < 4; i++) labels.push([...(await reader.batch(i))[1]!]);
    expect(labels).toEqual([[0, 1], [2, 3], [4, 5], [6, 0]]); // prettier-ignore
    expect([...(await reader.batch(3))[0]!]).toEqual([24, 25, 26, 27, 0, 1, 2, 3]);
    expect([...(await reader.records(2, 9))[1]!]).toEqual([2, 3, 4, 5, 6]);
    await reader.close();
  });

  it.each<[string, Content[string], number[]]>([
    ['double', { data: Float64Array.of(0.1, 1e30), shape: [2] }, [0.1, 1e30].map(Math.fround)],
    ['int8', { data: Int8Array.of(-1, 2), shape: [2, 1] }, [-1, 2]],
    ['uint8', { data: Uint8Array.of(255, 2), shape: [2, 1, 1, 1, 1] }, [255, 2]],
    ['int32', { data: Int32Array.of(-70000, 2), shape: [2] }, [-70000, 2]],
    ['int64', { data: BigInt64Array.of(-5n, 2n ** 40n), shape: [2] }, [-5, 2 ** 40]],
    ['packed in chunks', { data: Float32Array.of(1, 2), shape: [2, 1], chunks: [1, 1] }, [1, 2]],
  ])('hold numbers of any kind and rank: %s', async (_, content, expected) => {
    await write('a.h5', { x: content });
    list('a.h5');
    const reader = await open('', { tops: ['x'] });
    expect(reader.tops[0]!.shape).toEqual(content.shape);
    expect([...(await reader.batch(0))[0]!]).toEqual(expected);
    await reader.close();
  });

  it('hold numbers in the other order of bytes', async () => {
    await write('a.h5', { x: { data: Float32Array.of(1.5, -2), shape: [2] } });
    const file = join(folder.path, 'a.h5');
    const bytes = readFileSync(file);
    // The type message of float32; bit 0 of its second byte is the order.
    const type = bytes.indexOf(Buffer.from('11201f0004000000', 'hex'));
    bytes[type + 1] = 0x21;
    const values = bytes.indexOf(Buffer.from(Float32Array.of(1.5, -2).buffer));
    bytes.subarray(values, values + 8).swap32();
    writeFileSync(file, bytes);
    list('a.h5');
    const reader = await open('', { tops: ['x'] });
    expect([...(await reader.batch(0))[0]!]).toEqual([1.5, -2]);
    await reader.close();
  });

  it('come in any order and size', async () => {
    const reader = await open();
    await fc.assert(
      fc.asyncProperty(fc.nat(20), fc.integer({ min: 1, max: 9 }), async (index, size) => {
        const [data, label] = await reader.batch(index, size);
        const rows = Array.from({ length: size }, (_, i) => (index * size + i) % 7);
        expect([...label!]).toEqual(rows);
        expect([...data!]).toEqual(rows.flatMap((row) => [...counting(4, 4 * row)]));
      }),
    );
    await expect(reader.batch(-1)).rejects.toThrow(RangeError);
    await expect(reader.records(8, 1)).rejects.toThrow(RangeError);
    await reader.close();
  });

  it('are shuffled: the files, and the rows of each; evaluation is not', async () => {
    const passesOf = async (seed: number) => {
      const reader = await open('shuffle: true', { seed });
      const walk = [...(await reader.batch(0, 70))[1]!];
      expect([...(await reader.records(0, 9))[1]!]).toEqual([0, 1, 2, 3, 4, 5, 6]);
      expect((await reader.batch(5, 7))[1]).toEqual(Float32Array.from(walk.slice(35, 42)));
      await reader.close();
      return Array.from({ length: 10 }, (_, pass) => walk.slice(7 * pass, 7 * pass + 7));
    };
    const passes = await passesOf(1);
    for (const pass of passes) {
      expect([...pass].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
      const isFirst = pass.map((row) => row < 3);
      expect(isFirst.filter((first, i) => i > 0 && first !== isFirst[i - 1]).length).toBe(1);
    }
    expect(new Set(passes.map(String)).size).toBeGreaterThan(5);
    expect(await passesOf(1)).toEqual(passes);
    expect(await passesOf(2)).not.toEqual(passes);
  });
});

describe('a mistake is told at the layer', () => {
  const at = { severity: 'error', ...PLACE, layer: 'h' };
  const nothing = async () => undefined;
  it.each<[string, object, RegExp, () => unknown]>([
    ['no list', {}, /list\.txt: no such file/, () => rmSync(join(folder.path, 'list.txt'))],
    ['a file that is not there', {}, /list\.txt:2: .*c\.h5 is not there/, () => list('a.h5', 'c.h5')],
    ['another file', {}, /list\.txt:1: .*list\.txt cannot be read/, () => list('list.txt')],
    [
      'no such data set',
      { tops: ['data', 'y'] },
      /list\.txt:1: .*a\.h5 has no data set 'y'.* data, label/,
      () => list('a.h5'),
    ],
    ['transform_param', { more: 'transform_param { scale: 2 }' }, /HDF5Data does not transform data/, nothing],
    ['no tops', { tops: [] }, /at least one top/, nothing],
    ['text', { tops: ['t'] }, /list\.txt:1: .*a\.h5 holds .* in 't', not whole numbers or/, async () => {
      await write('a.h5', { t: { data: ['a', 'b'], shape: [2] } });
      list('a.h5');
    }], // prettier-ignore
    ['fewer labels than rows', {}, /a\.h5 has 2 rows in 'data', but 3 in 'label'/, async () => {
      await write('a.h5', { ...rowsFrom(0, 3), data: { data: counting(2), shape: [2, 1] } });
      list('a.h5');
    }], // prettier-ignore
    ['files of different shapes', {}, /list\.txt:2: .*b\.h5 has \[rows, 4\] in 'data', but the first file has \[rows, 1, 2, 2\]/, () =>
      write('b.h5', { ...rowsFrom(0, 2), data: { data: counting(8), shape: [2, 4] } }),
    ], // prettier-ignore
  ])('%s', async (_, layer, message, change) => {
    await change();
    const diagnostics = await diagnosticsOf(() => open('', layer));
    expect(diagnostics).toEqual([expect.objectContaining({ ...at, message: expect.stringMatching(message) })]);
  });

  it('every file that is wrong at once', async () => {
    list('nowhere.h5', 'a.h5', 'nor here.h5');
    const diagnostics = await diagnosticsOf(() => open());
    expect(diagnostics.map(({ message }) => /list\.txt:\d/.exec(message)?.[0])).toEqual(['list.txt:1', 'list.txt:3']);
  });
});

const real = existsSync(shared);
if (!real) console.warn('the HDF5 files of Caffe’s own tests are not beside the repository: they are not read');

// Caffe's test_hdf5data_layer.cpp: labels are the numbers of the rows from 1 on, data count up from file to file; the
// second one is packed.
(real ? it : it.skip)('reads the files of Caffe’s own tests as Caffe does', async () => {
  list(join(shared, 'sample_data.h5'), join(shared, 'sample_data_2_gzip.h5'));
  const reader = await open('batch_size: 5', { tops: ['data', 'label', 'label2'] });
  expect(reader.tops.map(({ shape }) => shape)).toEqual([[5, 8, 6, 5], [5, 1], [5, 1]]); // prettier-ignore
  const count = 5 * 8 * 6 * 5;
  for (let batch = 0; batch < 8; batch++) {
    const [data, label, label2] = await reader.batch(batch);
    const first = batch % 2 === 0 ? 1 : 6;
    const file = batch % 4 < 2 ? 0 : 1;
    expect([...label!]).toEqual([0, 1, 2, 3, 4].map((i) => first + i));
    expect([...label2!]).toEqual([0, 1, 2, 3, 4].map((i) => first + i + 1));
    expect(data!.every((value, i) => value === (batch % 2) * count + i + file * 2 * count)).toBe(true);
  }
  await reader.close();
});

test('a data set that is a link to another file is an error of the list, and no file of another is read', async () => {
  const { File } = await loadHdf5();
  const file = new File(join(folder.path, 'linked.h5'), 'w', { libver: ['earliest', 'v108'] });
  file.create_external_link('a.h5', '/data', 'data');
  file.create_soft_link('/data', 'label');
  file.close();
  list('linked.h5');
  expect((await diagnosticsOf(() => open())).map(({ message }) => message)).toEqual([
    expect.stringMatching(/list\.txt:1: .*linked\.h5 has for 'data' a link to another file, a\.h5 \(\/data\)/),
  ]);
});
