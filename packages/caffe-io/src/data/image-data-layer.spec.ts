import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { diagnosticsOf } from './testing/diagnostics-of.ts';
import { openLayer, PLACE } from './testing/open-layer.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const folder = temporaryFolder();
const open = (param: string, { more = '', ...options }: { more?: string; phase?: 'TRAIN'; seed?: number } = {}) =>
  openLayer(
    `layer { name: "photos" type: "ImageData" top: "data" top: "label" ${more}
             image_data_param { source: "list.txt" ${param} } }`,
    folder.path,
    options,
  );

/** Image i has the color [10 i, 100 + i, 200 - i] (R, G, B) but for its first pixel, which is black. */
async function writeImage(name: string, i: number, { width = 4, height = 3 } = {}): Promise<void> {
  const pixels = Buffer.concat(Array.from({ length: width * height }, () => Buffer.from([10 * i, 100 + i, 200 - i])));
  pixels.fill(0, 0, 3);
  const file = join(folder.path, name);
  mkdirSync(dirname(file), { recursive: true });
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(file);
}

const names = ['a.png', 'sub/b.png', 'my cat.png', 'd.png', 'e.png'];
const list = (lines: readonly string[]) => writeFileSync(join(folder.path, 'list.txt'), lines.join('\n'));

beforeEach(async () => {
  await Promise.all(names.map((name, i) => writeImage(name, i)));
  list(names.map((name, i) => `${name} ${10 * i}`));
});

describe('batches of an ImageData layer', () => {
  it('are blue, green and red planes with labels, in the order of the list, over and over', async () => {
    const reader = await open('batch_size: 2');
    expect(reader.tops).toEqual([
      { name: 'data', shape: [2, 3, 3, 4] },
      { name: 'label', shape: [2] },
    ]);
    const [data, labels] = await reader.batch(2);
    const planes = (i: number) => [200 - i, 100 + i, 10 * i].flatMap((value) => [0, ...Array(11).fill(value)]);
    expect([...data!]).toEqual([...planes(4), ...planes(0)]);
    expect([...labels!]).toEqual([40, 0]);
    expect([...(await reader.records(3, 9))[1]!]).toEqual([30, 40]);
    await reader.close();
  });

  it.each<[string, string, number[], number[]]>([
    ['gray', 'is_color: false', [2, 1, 3, 4], [0, 81, 81, 81]],
    ['resized, as OpenCV does it', 'new_height: 1 new_width: 2', [2, 3, 1, 2], [200, 200, 100, 100, 0, 0]],
    ['enlarged', 'is_color: false new_height: 3 new_width: 8', [2, 1, 3, 8], [0, 20, 61, 81, 81]],
  ])('%s', async (_, param, shape, first) => {
    const reader = await open(`batch_size: 2 ${param}`);
    expect(reader.tops[0]!.shape).toEqual(shape);
    expect([...(await reader.batch(0))[0]!].slice(0, first.length)).toEqual(first);
    await reader.close();
  });

  it('are transformed', async () => {
    const reader = await open('batch_size: 1', {
      more: 'transform_param { scale: 0.5 crop_size: 2 mean_value: 100 mean_value: 50 mean_value: 0 }',
    });
    expect(reader.tops[0]!.shape).toEqual([1, 3, 2, 2]);
    expect([...(await reader.batch(1))[0]!]).toEqual([49.5, 25.5, 5].flatMap((v) => [v, v, v, v]));
    await reader.close();
  });

  it('hold images of several sizes where they are cropped', async () => {
    await writeImage('d.png', 3, { width: 9, height: 5 });
    const reader = await open('batch_size: 5', { more: 'transform_param { crop_size: 2 }' });
    expect((await reader.batch(0))[0]!.length).toBe(5 * 12);
    await reader.close();
  });

  it('have one image where batch_size is not given, as in Caffe', async () => {
    const reader = await open('');
    expect(reader.batchSize).toBe(1);
    await reader.close();
  });

  it('are shuffled pass by pass, by the seed; evaluation is not', async () => {
    const labelsOf = async (seed: number, batches: readonly number[]) => {
      const reader = await open('batch_size: 5 shuffle: true', { phase: 'TRAIN', seed });
      const labels = [];
      for (const batch of batches) labels.push([...(await reader.batch(batch))[1]!]);
      expect([...(await reader.records(0, 5))[1]!]).toEqual([0, 10, 20, 30, 40]);
      await reader.close();
      return labels;
    };
    const passes = await labelsOf(1, [0, 1, 2, 3]);
    for (const pass of passes) expect([...pass].sort()).toEqual([0, 10, 20, 30, 40]);
    expect(new Set(passes.map(String)).size).toBeGreaterThan(2);
    expect(await labelsOf(1, [3, 0])).toEqual([passes[3], passes[0]]);
    expect(String(await labelsOf(2, [0, 1, 2, 3]))).not.toBe(String(passes));
  });

  it('begin at a random image where rand_skip says so', async () => {
    const starts = new Set<number>();
    for (let seed = 0; seed < 20; seed++) {
      const reader = await open('batch_size: 2 rand_skip: 3', { seed });
      const [first, second] = (await reader.batch(0))[1]!;
      expect(second).toBe(first! + 10);
      starts.add(first!);
      await reader.close();
    }
    expect([...starts].sort()).toEqual([0, 10, 20]);
  });

  it('have the same bytes each time', async () => {
    const read = async () => {
      const reader = await open('batch_size: 5 new_height: 7 new_width: 5 shuffle: true', {
        more: 'transform_param { crop_size: 3 mirror: true }',
        phase: 'TRAIN',
      });
      const batches = await Promise.all([0, 1, 2].map((index) => reader.batch(index)));
      await reader.close();
      return batches;
    };
    expect(await read()).toEqual(await read());
  });
});

it('paths alone are enough for a layer without a top of labels', async () => {
  list(['a.png', 'sub/b.png 7']);
  const text = 'layer { type: "ImageData" top: "data" image_data_param { source: "list.txt" batch_size: 2 } }';
  const reader = await openLayer(text, folder.path);
  expect(reader.tops.map(({ name, shape }) => [name, shape[0]])).toEqual([['data', 2]]);
  expect(await reader.batch(0)).toHaveLength(1);
  await reader.close();
});

describe('a mistake is told at the layer', () => {
  const at = { severity: 'error', ...PLACE, layer: 'photos' };
  it.each<[string, string, RegExp, () => void]>([
    ['no list', '', /list\.txt: no such file/, () => rmSync(join(folder.path, 'list.txt'))],
    ['an empty list', '', /list\.txt: the list names no image/, () => list([])],
    ['a line without a label', '', /list\.txt:2: the line has no label: 'b'/, () => list(['a.png 1', 'b', 'c 3'])],
    ['a missing image', '', /list\.txt:1: there is no file .*nowhere\.png/, () => list(['nowhere.png 1'])],
    [
      'a broken image',
      '',
      /list\.txt:1: .*a\.png is a damaged PNG/,
      () =>
        writeFileSync(
          join(folder.path, 'a.png'),
          Buffer.from('89504e470d0a1a0a0000000d49484452'.padEnd(80, '0'), 'hex'),
        ),
    ],
    [
      'no image',
      '',
      /list\.txt:1: .*a\.png is not a JPEG, PNG or BMP/,
      () => writeFileSync(join(folder.path, 'a.png'), 'x'),
    ],
    ['half a size', 'new_height: 4', /new_height 4 and new_width 0; give both or none/, () => undefined],
    [
      'too much to skip',
      'rand_skip: 1000',
      /list\.txt: the list has 5 images, too few for rand_skip 1000/,
      () => undefined,
    ],
    ['no batch', 'batch_size: 0', /batch_size is 0/, () => undefined],
  ])('%s', async (_, param, message, change) => {
    change();
    const diagnostics = await diagnosticsOf(() => open(param));
    expect(diagnostics).toEqual([expect.objectContaining({ ...at, message: expect.stringMatching(message) })]);
  });

  it('every image of a batch that cannot be read, with the lines of the list', async () => {
    rmSync(join(folder.path, 'sub/b.png'));
    writeFileSync(join(folder.path, 'd.png'), 'x');
    const reader = await open('batch_size: 5');
    const diagnostics = await diagnosticsOf(() => reader.batch(0));
    expect(diagnostics.map(({ message }) => /list\.txt:\d+/.exec(message)?.[0])).toEqual(['list.txt:2', 'list.txt:4']);
    await reader.close();
  });

  it('an image of another size', async () => {
    await writeImage('d.png', 3, { width: 5 });
    const reader = await open('batch_size: 5');
    const [diagnostic] = await diagnosticsOf(() => reader.batch(0));
    expect(diagnostic).toMatchObject({
      ...at,
      code: 'datum-shape',
      message: expect.stringMatching(
        /list\.txt:4: the image d\.png has the shape \[3, 3, 5\], but the first record has/,
      ),
      hint: 'set new_height and new_width, or crop_size',
    });
    await reader.close();
  });

  it('three tops', async () => {
    const three = 'layer { type: "ImageData" top: "a" top: "b" top: "c" image_data_param { source: "list.txt" } }';
    const [diagnostic] = await diagnosticsOf(() => openLayer(three, folder.path));
    expect(diagnostic!.message).toBe('an ImageData layer has one top or two (data, labels), not 3');
  });

  it('all mistakes at once', async () => {
    const more = 'transform_param { crop_size: 9 mean_file: "no" mean_value: 1 }';
    const codes = (await diagnosticsOf(() => open('batch_size: 0 new_width: 3', { more }))).map(({ code }) => code);
    expect(codes).toEqual(['batch-size', 'image-size', 'transform', 'data-unreadable', 'transform']);
  });
});
