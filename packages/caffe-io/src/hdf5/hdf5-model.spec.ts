import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { type Blob, elementCount } from '../blob/blob.ts';
import { readWeightsFile } from '../caffemodel/read-weights-file.ts';
import { readCaffemodelFile } from '../caffemodel/read-caffemodel.ts';
import { writeCaffemodelFile } from '../caffemodel/write-caffemodel.ts';
import { describeShared, sharedModelPath } from '../testing/shared.ts';
import { type Hdf5, loadHdf5 } from './load-hdf5.ts';
import { readHdf5Model } from './read-hdf5-model.ts';
import { writeHdf5Model } from './write-hdf5-model.ts';

const folder = mkdtempSync(join(tmpdir(), 'hdf5-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

const blob = (shape: number[], ...numbers: number[]): Blob => ({ shape, data: Float32Array.from(numbers) });
const MODEL = {
  name: 'small',
  layers: [
    { name: 'data', type: 'Input', blobs: [] },
    { name: 'conv1', type: 'Convolution', blobs: [blob([2, 1, 1, 1], 1.5, -2), blob([2], 0, 3)] },
    { name: 'block/ip', type: 'InnerProduct', blobs: [blob([1, 2], 7, 8)] },
  ],
};

async function failure(run: Promise<unknown>) {
  const error: unknown = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DiagnosticsError)) throw new Error(`no diagnostics, but ${String(error)}`);
  return error.diagnostics[0]!;
}

describe('write and read', () => {
  test('names, shapes and numbers come back, in the order of the names', async () => {
    await writeHdf5Model(at('m.caffemodel.h5'), MODEL);
    const { layers, diagnostics } = await readWeightsFile(at('m.caffemodel.h5'));
    expect(diagnostics).toEqual([]);
    expect(layers.map(({ name, type, blobs }) => ({ name, type, blobs }))).toEqual([
      { name: 'block/ip', type: '', blobs: MODEL.layers[2]?.blobs },
      { name: 'conv1', type: '', blobs: MODEL.layers[1]?.blobs },
      { name: 'data', type: '', blobs: [] },
    ]);
    expect(existsSync(at('m.caffemodel.h5.partial'))).toBe(false);
  });

  test('numbers of double precision and gradients do too', async () => {
    const double = Float64Array.of(1 / 3, -2);
    const exact = { shape: [2], data: Float32Array.from(double), double, diff: Float32Array.of(5, 6) };
    await writeHdf5Model(at('double.h5'), { layers: [{ name: 'l', type: 'Scale', blobs: [exact] }] });
    expect((await readHdf5Model(at('double.h5'))).layers[0]?.blobs).toEqual([exact]);
  });

  test('numbers and names of any kind survive', async () => {
    const numbers = fc.float32Array({ minLength: 1, maxLength: 50 });
    const name = fc.stringMatching(/^[A-Za-z_é0-9 .-]{0,20}[A-Za-zé]$/);
    const layers = fc.uniqueArray(fc.record({ name, blobs: fc.array(numbers, { maxLength: 12 }) }), {
      minLength: 1,
      maxLength: 8,
      selector: (layer) => layer.name,
    });
    await fc.assert(
      fc.asyncProperty(layers, async (generated) => {
        const written = generated.map(({ name, blobs }) => {
          return { name, type: '', blobs: blobs.map((data) => ({ shape: [data.length], data })) };
        });
        await writeHdf5Model(at('any.h5'), { layers: written });
        const { layers: read } = await readHdf5Model(at('any.h5'));
        const byName = new Map(read.map((layer) => [layer.name, layer.blobs]));
        expect(byName).toEqual(new Map(written.map((layer) => [layer.name, layer.blobs])));
      }),
      { numRuns: 40 },
    );
  });

  test('a binary caffemodel is read by the same function', async () => {
    writeCaffemodelFile(at('binary.caffemodel'), MODEL);
    expect(await readWeightsFile(at('binary.caffemodel'))).toEqual(readCaffemodelFile(at('binary.caffemodel')));
  });

  test('the weights of an AMCT deploy model are refused by layer', async () => {
    const int8 = { shape: [1], data: new Float32Array(0), int8: Int8Array.of(3) };
    const written = writeHdf5Model(at('int8.h5'), { layers: [{ name: 'conv', type: 'Convolution', blobs: [int8] }] });
    expect(await failure(written)).toMatchObject({ code: 'hdf5-integers', layer: 'conv' });
    expect(existsSync(at('int8.h5'))).toBe(false);
  });
});

describe('layers that share', () => {
  test('a blob that another layer owns is left out', async () => {
    const { File } = await loadHdf5();
    const file = new File(at('shared.h5'), 'w');
    file
      .create_group('data')
      .create_group('ip')
      .create_dataset({ name: '1', data: Float32Array.of(4), shape: [1] });
    file.close();
    const { layers, diagnostics } = await readHdf5Model(at('shared.h5'));
    expect(layers[0]?.blobs).toEqual([blob([0]), blob([1], 4)]);
    expect(diagnostics).toEqual([]);
    await writeHdf5Model(at('shared-again.h5'), { layers });
    expect(await readHdf5Model(at('shared-again.h5'))).toMatchObject({ layers });
  });

  test('links to blobs and to whole layers are followed', async () => {
    const { File } = await loadHdf5();
    const file = new File(at('links.h5'), 'w');
    const data = file.create_group('data');
    const owner = data.create_group('a');
    owner.create_dataset({ name: '0', data: Float32Array.of(1, 2), shape: [2] });
    const sharer = data.create_group('b');
    sharer.create_soft_link('/data/a/0', '0');
    sharer.create_hard_link('/data/a/0', '1');
    data.create_soft_link('/data/a', 'c');
    file.close();
    const { layers } = await readHdf5Model(at('links.h5'));
    const two = blob([2], 1, 2);
    expect(layers.map(({ name, blobs }) => [name, blobs])).toEqual([
      ['a', [two]],
      ['b', [two, two]],
      ['c', [two]],
    ]);
  });

  test.each([
    ['blob', '0: it is a link to nothing, /data/gone/0', (b: Hdf5.Group) => b.create_soft_link('/data/gone/0', '0')],
    ['layer', 'c: it is a link to nothing, /data/gone', (b: Hdf5.Group) => b.create_soft_link('/data/gone', 'c')],
    ['file', '0: it is a link to another file', (b: Hdf5.Group) => b.create_external_link('o.h5', '/data/a/0', '0')],
  ])('a link to a %s that is not there is an error at its place', async (_, said, link) => {
    const { File } = await loadHdf5();
    const file = new File(at('dangling.h5'), 'w');
    link(file.create_group('data').create_group('b'));
    file.close();
    const { code, message } = await failure(readHdf5Model(at('dangling.h5')));
    expect({ code, message }).toEqual({
      code: 'broken-hdf5',
      message: expect.stringContaining(`at data/b/${said}`) as string,
    });
  });
});

describe('files that are not what they should be', () => {
  test('a solver state is named', async () => {
    const { File } = await loadHdf5();
    const file = new File(at('state.h5'), 'w');
    file.create_group('history');
    file.close();
    expect(await failure(readWeightsFile(at('state.h5')))).toMatchObject({
      code: 'not-a-caffemodel',
      message: expect.stringContaining('no group "data"') as string,
      hint: expect.stringContaining('solver state') as string,
    });
  });

  test('integers in place of floats are named by their place', async () => {
    const { File } = await loadHdf5();
    const file = new File(at('ints.h5'), 'w');
    file
      .create_group('data')
      .create_group('ip')
      .create_dataset({ name: '0', data: Int32Array.of(4), shape: [1] });
    file.close();
    expect((await failure(readHdf5Model(at('ints.h5')))).message).toContain('data/ip/0');
  });

  test('a file that is not there', async () => {
    expect((await failure(readWeightsFile(at('none.h5')))).message).toBe('there is no such file');
  });

  test('every cut and every change ends in a model or a diagnostic, and the next file is read as ever', async () => {
    await writeHdf5Model(at('sound.h5'), MODEL);
    const whole = readFileSync(at('sound.h5'));
    let files = 0;
    const read = async (bytes: Uint8Array) => {
      // The library may hold a broken file open, so each is a file of its own.
      const path = at(`changed-${files++}.h5`);
      writeFileSync(path, bytes);
      await readHdf5Model(path).catch((error: unknown) => expect(error).toBeInstanceOf(DiagnosticsError));
      rmSync(path);
    };
    for (let length = 8; length < whole.length; length += 997) await read(whole.subarray(0, length));
    const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(changes, async (list) => {
        const mutated = Uint8Array.from(whole);
        for (const [offset, byte] of list) mutated[offset] = byte;
        await read(mutated);
      }),
      { numRuns: 300 },
    );
    expect((await readHdf5Model(at('sound.h5'))).layers).toHaveLength(3);
  });
});

describeShared('models', 'real HDF5 caffemodels', () => {
  const FILES = [
    'cifar10-quick-full/cifar10_full_iter_65000.caffemodel.h5',
    'cifar10-quick-full/cifar10_full_iter_70000.caffemodel.h5',
    'cifar10-quick-full/cifar10_quick_iter_5000.caffemodel.h5',
    'cifar10-arm-m4/cifar10_m4_iter_70000.caffemodel.h5',
  ];

  test.each(FILES)('%s is read, and written and read again with equal numbers', async (file) => {
    const model = await readWeightsFile(sharedModelPath(file));
    expect(model.layers.some(({ blobs }) => blobs.length === 2)).toBe(true);
    await writeHdf5Model(at('again.h5'), model);
    expect(await readWeightsFile(at('again.h5'))).toEqual(model);
  });

  test.each(FILES)('%s: the numbers are those that stand in the file', async (file) => {
    const bytes = readFileSync(sharedModelPath(file));
    const blobs = (await readWeightsFile(sharedModelPath(file))).layers.flatMap((layer) => layer.blobs);
    const wrong = blobs.filter(({ shape, data }) => {
      const stored = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
      return bytes.indexOf(stored) === -1 || data.length !== elementCount(shape);
    });
    expect(wrong).toEqual([]);
    expect(blobs).toHaveLength(file.includes('quick_iter') ? 10 : 8);
  });

  test("ARM's power-of-two weights are those of the HDF5 file, rounded", async () => {
    const exact = await readWeightsFile(sharedModelPath('cifar10-arm-m4/cifar10_m4_iter_70000.caffemodel.h5'));
    const rounded = await readWeightsFile(sharedModelPath('cifar10-arm-m4/quantized_cifar10_m4_iter_70000.caffemodel'));
    const inFile = new Map(exact.layers.map((layer) => [layer.name, layer.blobs]));
    const layers = rounded.layers.filter(({ blobs }) => blobs.length > 0);
    expect(layers.map(({ name }) => name)).toEqual(['conv1', 'conv2', 'conv3', 'ip1']);
    for (const { name, blobs } of layers) {
      blobs.forEach(({ shape, data }, index) => {
        const other = inFile.get(name)![index]!;
        expect(other.shape).toEqual(shape);
        const nonZero = data.filter((value) => value !== 0).map(Math.abs);
        const step = Math.min(...nonZero);
        const far = data.filter((value, i) => Math.abs(value - other.data[i]!) > step / 2);
        expect([name, index, far.length / data.length < 0.01]).toEqual([name, index, true]);
      });
    }
  });

  test('a real file that is cut off is a diagnostic', async () => {
    copyFileSync(sharedModelPath(FILES[2]!), at('cut.h5'));
    writeFileSync(at('cut.h5'), readFileSync(at('cut.h5')).subarray(0, 100_000));
    expect(await failure(readWeightsFile(at('cut.h5')))).toMatchObject({ code: 'broken-hdf5', file: at('cut.h5') });
  });
});
