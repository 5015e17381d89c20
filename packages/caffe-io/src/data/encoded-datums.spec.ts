import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';
import { descriptor } from '../generated/caffe.ts';
import { decodeImage } from './image/decode-image.ts';
import { planes } from './image/planes.ts';
import { diagnosticsOf } from './testing/diagnostics-of.ts';
import { openLayer, PLACE } from './testing/open-layer.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { writeLevelDb } from './testing/write-leveldb.ts';

const folder = temporaryFolder();
const Datum = protobuf.Root.fromJSON(descriptor as protobuf.INamespace).lookupType('caffe.Datum');
const image = (name: string) => readFileSync(join(__dirname, 'image/fixtures', name));
const encoded = (name: string, label = 0) =>
  Datum.encode(Datum.fromObject({ encoded: true, label, data: image(name) }));
const write = (...datums: protobuf.Writer[]) =>
  writeLevelDb(
    join(folder.path, 'set'),
    datums.map((datum, i) => [`${i}`, datum.finish()] as const),
  );
const open = (data = '', transform = '') =>
  openLayer(
    `layer { name: "d" type: "Data" top: "data" top: "label" data_param { source: "set" batch_size: 2 ${data} }
             transform_param { ${transform} } }`,
    folder.path,
  );
const pixelsOf = async (name: string, mode: 'color' | 'gray' | 'unchanged') =>
  planes(await decodeImage(image(name), mode));

it.each<[string, string, string, string, 'color' | 'gray' | 'unchanged', number]>([
  ['colors', 'c420.jpg', '', '', 'unchanged', 3],
  ['gray', 'g.jpg', '', '', 'unchanged', 1],
  ['transparent', 'rgba.png', '', '', 'unchanged', 4],
  ['gray as colors', 'g.png', '', 'force_color: true', 'color', 3],
  ['gray as colors, as before Caffe 1.0', 'g.png', 'force_encoded_color: true', '', 'color', 3],
  ['colors as gray', 'c420.jpg', '', 'force_gray: true', 'gray', 1],
])('an encoded record: %s', async (_, name, data, transform, mode, channels) => {
  await write(encoded(name, 3), encoded(name, 4));
  const reader = await open(data, transform);
  expect(reader.tops[0]!.shape).toEqual([2, channels, 13, 17]);
  const [pixels, labels] = await reader.batch(0);
  const one = [...(await pixelsOf(name, mode)).pixels];
  expect([...pixels!]).toEqual([...one, ...one]);
  expect([...labels!]).toEqual([3, 4]);
  await reader.close();
});

it('encoded and plain records go together, and are cropped from their own sizes', async () => {
  const plain = { channels: 3, height: 5, width: 6, label: 9, data: Uint8Array.from({ length: 90 }, (_, i) => i) };
  await write(encoded('c.png', 1), Datum.encode(Datum.fromObject(plain)), encoded('c.bmp', 2));
  const reader = await open('', 'crop_size: 1');
  const [pixels, labels] = await reader.records(0, 3);
  const { pixels: whole } = await pixelsOf('c.png', 'color');
  const middle = [0, 1, 2].map((c) => whole[c * 13 * 17 + 6 * 17 + 8]);
  expect([...pixels!]).toEqual([...middle, 14, 44, 74, ...middle]);
  expect([...labels!]).toEqual([1, 9, 2]);
  await reader.close();
});

it.each<[string, protobuf.Writer, RegExp]>([
  ['cut off', Datum.encode(Datum.fromObject({ encoded: true, data: image('c.png').subarray(0, 300) })), /cut off/],
  [
    'of no known kind',
    Datum.encode(Datum.fromObject({ encoded: true, data: Buffer.from('x') })),
    /is not a JPEG, PNG or BMP/,
  ],
  ['empty', Datum.encode(Datum.fromObject({ encoded: true })), /is empty/],
  [
    'of another number of channels',
    encoded('g.png'),
    /has the shape \[1, 13, 17\], but the first record has \[3, 13, 17\]/,
  ],
])('an image %s is told with its record', async (_, datum, message) => {
  await write(encoded('c.png'), datum);
  const reader = await open('', 'crop_size: 5');
  const diagnostics = await diagnosticsOf(() => reader.batch(0));
  expect(diagnostics).toEqual([
    expect.objectContaining({ ...PLACE, layer: 'd', message: expect.stringMatching(message) }),
  ]);
  expect(diagnostics[0]!.message).toMatch(/record 1/);
  await reader.close();
});
