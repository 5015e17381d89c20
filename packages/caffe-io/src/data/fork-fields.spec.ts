import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { descriptor } from '../generated/caffe.ts';
import { decodeImage } from './image/decode-image.ts';
import type { Image } from './image/image.ts';
import { planes } from './image/planes.ts';
import { resizeImage } from './image/resize.ts';
import { diagnosticsOf } from './testing/diagnostics-of.ts';
import { openLayer, PLACE } from './testing/open-layer.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

/** What forks' fields make of records, from the prototxt to the batch. */

const folder = temporaryFolder();
const fixtures = join(__dirname, 'image/fixtures');
const Blob = protobuf.Root.fromJSON(descriptor as protobuf.INamespace).lookupType('caffe.BlobProto');

type Options = { phase?: 'TRAIN' | 'TEST'; seed?: number };

/** Record i has the label 10 i and the pixels (37 i + 11 p) mod 256, [3, 4, 5]. */
const records = (transform: string, data = '', options: Options = {}) =>
  openLayer(
    `layer { name: "d" type: "Data" top: "data" top: "label" transform_param { ${transform} }
             data_param { source: "set" batch_size: 7 backend: LMDB ${data} } }`,
    folder.path,
    options,
  );
const images = (transform: string, data = '', options: Options = {}) =>
  openLayer(
    `layer { name: "d" type: "ImageData" top: "data" top: "label" transform_param { ${transform} }
             image_data_param { source: "list.txt" batch_size: 1 ${data} } }`,
    folder.path,
    options,
  );
const pixelsOf = (record: number) => Array.from({ length: 60 }, (_, p) => (37 * record + 11 * p) % 256);
const photo = () => decodeImage(readFileSync(join(fixtures, 'c.png')), 'color');
const valuesOf = (image: Image) => [...planes(image).pixels];

beforeEach(() => {
  cpSync(join(__dirname, 'fixtures/datums-uint8'), join(folder.path, 'set'), { recursive: true });
  cpSync(join(fixtures, 'c.png'), join(folder.path, 'c.png'));
  writeFileSync(join(folder.path, 'list.txt'), 'c.png 4\n');
});

describe('resize_param', () => {
  it.each(['TRAIN', 'TEST'] as const)('resizes images in %s, then means are taken off', async (phase) => {
    const reader = await images(
      'resize_param { prob: 1 resize_mode: WARP height: 5 width: 8 interp_mode: AREA } mean_value: 3 scale: 0.5',
      '',
      { phase },
    );
    expect(reader.tops[0]!.shape).toEqual([1, 3, 5, 8]);
    const expected = valuesOf(resizeImage(await photo(), 5, 8, 'AREA')).map((value) => (value - 3) * 0.5);
    expect([...(await reader.batch(0))[0]!]).toEqual(expected);
    await reader.close();
  });

  it('comes after new_height and new_width, and before the crop', async () => {
    const reader = await images('resize_param { height: 8 width: 8 } crop_size: 8', 'new_height: 20 new_width: 4');
    expect([...(await reader.batch(0))[0]!]).toEqual(valuesOf(resizeImage(resizeImage(await photo(), 20, 4), 8, 8)));
    await reader.close();
  });

  it('draws an interpolation for each record, the same each time', async () => {
    const open = () => records('resize_param { height: 7 width: 3 interp_mode: NEAREST interp_mode: LANCZOS4 }');
    const read = async () => {
      const reader = await open();
      const batch = (await reader.batch(0))[0]!;
      await reader.close();
      return batch;
    };
    const whole = await read();
    expect(await read()).toEqual(whole);
    const drawn = [0, 1, 2, 3, 4, 5, 6].map((record) => {
      const image = { channels: 1, height: 4, width: 5, pixels: Uint8Array.from(pixelsOf(record).slice(0, 20)) };
      const first = String(whole.subarray(63 * record, 63 * record + 21));
      return (['NEAREST', 'LANCZOS4'] as const).find((mode) => String(resizeImage(image, 7, 3, mode).pixels) === first);
    });
    expect(new Set(drawn)).toEqual(new Set(['NEAREST', 'LANCZOS4']));
  });

  it('makes images of several sizes equally large where they are cropped', async () => {
    cpSync(join(fixtures, 'gray-1-bit.png'), join(folder.path, 'p.png'));
    writeFileSync(join(folder.path, 'list.txt'), 'c.png 4\np.png 5\n');
    const reader = await images(
      'resize_param { resize_mode: FIT_SMALL_SIZE height: 6 width: 6 } crop_size: 6',
      'batch_size: 2',
    );
    expect((await reader.batch(0))[0]!.length).toBe(2 * 3 * 6 * 6);
    await reader.close();
    const uncropped = await images('resize_param { resize_mode: FIT_SMALL_SIZE height: 6 width: 6 }', 'batch_size: 2');
    const [problem] = await diagnosticsOf(() => uncropped.batch(0));
    expect(problem!.message).toMatch(
      /list\.txt:2: the image p\.png has the shape \[3, 6, 13\], but the first record has \[3, 6, 7\]/,
    );
    await uncropped.close();
  });
});

describe('crops', () => {
  it('are rectangles of crop_h and crop_w', async () => {
    const reader = await records('crop_h: 2 crop_w: 3');
    expect(reader.tops[0]!.shape).toEqual([7, 3, 2, 3]);
    const [data] = await reader.batch(0, 1);
    expect([...data!.subarray(0, 6)]).toEqual([6, 7, 8, 11, 12, 13].map((p) => pixelsOf(0)[p]));
    await reader.close();
  });

  it('come from the middle in TRAIN where center_crop says so', async () => {
    const tested = await records('crop_size: 2');
    const trained = await records('crop_size: 2 center_crop: true', '', { phase: 'TRAIN' });
    expect(await trained.batch(0)).toEqual(await tested.batch(0));
    await tested.close();
    await trained.close();
  });
});

it('cvt_bgr2rgb swaps colours before the means are taken off', async () => {
  const reader = await records('cvt_bgr2rgb: true mean_value: 1 mean_value: 2 mean_value: 3');
  const [data] = await reader.batch(0, 1);
  const plane = (c: number) => pixelsOf(0).slice(20 * c, 20 * (c + 1));
  expect([...data!]).toEqual([2, 1, 0].flatMap((from, c) => plane(from).map((value) => value - (c + 1))));
  await reader.close();
});

it("NVIDIA's random resize takes the mean image's middle off, wherever it crops", async () => {
  const data = Array.from({ length: 3 * 6 * 6 }, (_, i) => i);
  const blob = Blob.encode(Blob.fromObject({ num: 1, channels: 3, height: 6, width: 6, data })).finish();
  writeFileSync(join(folder.path, 'mean.binaryproto'), blob);
  const stretch = 'crop_size: 2 img_rand_resize_lower: 4 img_rand_resize_upper: 4';
  const [plain, less] = await Promise.all(
    ['', 'mean_file: "mean.binaryproto"'].map((mean) => records(`${stretch} ${mean}`, '', { phase: 'TRAIN' })),
  );
  const [before, after] = await Promise.all([plain!.batch(0), less!.batch(0)]);
  const middle = [0, 1, 2].flatMap((c) => [14, 15, 20, 21].map((p) => 36 * c + p));
  expect([...after[0]!]).toEqual([...before[0]!].map((value, i) => value - middle[i % 12]!));
  await Promise.all([plain!.close(), less!.close()]);
});

describe('data_param.shuffle', () => {
  const labelsOf = async (data: string, phase: 'TRAIN' | 'TEST') => {
    const reader = await records('', `shuffle: true ${data}`, { phase });
    const passes: string[] = [];
    for (const index of [0, 1, 2]) passes.push([...(await reader.batch(index))[1]!].join());
    expect([...(await reader.records(0, 7))[1]!]).toEqual([0, 10, 20, 30, 40, 50, 60]);
    await reader.close();
    return passes;
  };
  const stored = '0,10,20,30,40,50,60';

  it.each(['TRAIN', 'TEST'] as const)('walks each pass in another order in %s', async (phase) => {
    const passes = await labelsOf('', phase);
    expect(new Set([...passes, stored]).size).toBe(4);
    for (const pass of passes) expect(pass.split(',').map(Number).sort((a, b) => a - b).join()).toBe(stored); // prettier-ignore
  });

  it('with cache, is as NVIDIA’s: from the second pass on, in TRAIN', async () => {
    const [first, ...others] = await labelsOf('cache: true', 'TRAIN');
    expect(first).toBe(stored);
    expect(new Set([stored, ...others]).size).toBe(3);
    expect(await labelsOf('cache: true', 'TEST')).toEqual([stored, stored, stored]);
  });
});

it.each([
  ['min_height: 26 min_width: 20', [26, 34]],
  ['short_side: 26', [26, 34]],
])('an ImageData layer resizes by %s', async (data, [height, width]) => {
  const reader = await images('', data);
  expect([...(await reader.batch(0))[0]!]).toEqual(valuesOf(resizeImage(await photo(), height!, width!)));
  await reader.close();
});

it('what forks do in layers with boxes alone is warned of', async () => {
  const reader = await records('distort_param { brightness_prob: 0.5 } expand_param { max_expand_ratio: 2 }');
  expect(reader.diagnostics).toEqual(
    ['distort_param', 'expand_param'].map((field) =>
      expect.objectContaining({
        severity: 'warning',
        ...PLACE,
        message: `ignored, as in Caffe: transform_param.${field}`,
      }),
    ),
  );
  await reader.close();
});

it.each<[string, RegExp]>([
  ['crop_h: 2', /crop_h 2 and crop_w 0; give both or none/],
  ['crop_size: 2 crop_h: 3 crop_w: 3', /beside crop_size 2: forks disagree/],
  ['crop_h: 2 crop_w: 6', /the crop of 2x6 is larger than the records, which are 4 high and 5 wide/],
  ['resize_param { height: 3 width: 3 } crop_size: 4', /crop_size 4 is larger than the records, which are 3 high/],
  ['resize_param { height: 3 }', /resize_param has height 3 and width 0/],
])('%s is refused at the layer', async (transform, message) => {
  const diagnostics = await diagnosticsOf(() => records(transform));
  expect(diagnostics).toEqual([
    expect.objectContaining({ severity: 'error', ...PLACE, layer: 'd', message: expect.stringMatching(message) }),
  ]);
});
