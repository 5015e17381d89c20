import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DiagnosticsError, type FieldSchema, type MessageSchema } from 'caffe-prototxt-parser';
import protobuf from 'protobufjs';
import { DIALECTS, dialectSchema } from '../dialects/dialect-schema.ts';
import type { MessageUse } from '../fields/field-use.ts';
import { descriptor } from '../generated/caffe.ts';
import type { LayerParameter } from '../generated/caffe.ts';
import { settingsOf } from '../layer-type.ts';
import { loadHdf5 } from '../hdf5/load-hdf5.ts';
import { readNetText } from '../read-net-text.ts';
import { DATA_LAYERS } from './data-source.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { writeLevelDb } from './testing/write-leveldb.ts';

/**
 * Every field that a data layer says it reads, in whatever dialect, changes batches, their shapes, what is warned of or the
 * paths that the fingerprint covers, or is refused, in at least one small data set: a declaration alone would let a field
 * through that nobody looks at.
 */

const folder = temporaryFolder();
const fixtures = join(__dirname, 'fixtures');

/** Layers, and the phases that they are tried in. */
const BASES: Readonly<Record<string, readonly string[]>> = {
  Data: [
    'data_param { source: "datums-uint8" batch_size: 3 backend: LMDB }',
    'data_param { source: "encoded" batch_size: 2 }',
    'data_param { source: "gray" batch_size: 2 }',
  ],
  HDF5Data: ['hdf5_data_param { source: "rows.txt" batch_size: 2 }'],
  ImageData: ['image_data_param { source: "images.txt" batch_size: 3 }'],
};
test('every data layer has a small data set to be tried on: add one to BASES', () => {
  expect(Object.keys(BASES).sort()).toEqual([...DATA_LAYERS.keys()].sort());
});

const PHASES = ['TEST', 'TRAIN'] as const;

const WITH_CROP = { crop_size: 2 };
const SMALLER = { ...WITH_CROP, img_rand_resize_lower: 3, img_rand_resize_upper: 3 };
const LARGER = { ...WITH_CROP, img_rand_resize_lower: 40, img_rand_resize_upper: 40, allow_upscale: true };
const PADDED = { height: 8, width: 4, resize_mode: 'FIT_LARGE_SIZE_AND_PAD' };
const ASPECT = { aspect_ratio_change: 0.75, min_area_ratio: 0.1 };

/** Fields that count only beside others: the path's beginning, and what stands beside it. */
const BESIDE: readonly (readonly [path: RegExp, message: string, beside: object])[] = [
  [/\.crop_[hw]$/, 'transform_param', { crop_h: 3, crop_w: 3 }],
  [/\.center_crop$/, 'transform_param', WITH_CROP],
  [/\.(img_rand|rand_resize|vertical|horizontal)_/, 'transform_param', { ...SMALLER, img_rand_resize_upper: 4 }],
  [/\.rand_resize_ratio/, 'transform_param', { ...SMALLER, rand_resize_ratio_lower: 1, rand_resize_ratio_upper: 1.5 }],
  [/\.interpolation_algo_down$/, 'transform_param', SMALLER],
  [/\.interpolation_algo_up$/, 'transform_param', LARGER],
  [/\.allow_upscale$/, 'transform_param', LARGER],
  [/^transform_param\.resize_param/, 'transform_param', { resize_param: PADDED }],
  [/\.random_resize_param/, 'transform_param', { ...WITH_CROP, random_resize_param: { min_size: 3, max_size: 3 } }],
  [
    /\.random_resize_param\.resize_param\.pad/,
    'transform_param',
    { random_resize_param: { min_size: 3, max_size: 3, resize_param: { resize_mode: 'FIT_LARGE_SIZE_AND_PAD' } } },
  ],
  [/\.random_aspect_ratio_param/, 'transform_param', { ...WITH_CROP, random_aspect_ratio_param: ASPECT }],
  [
    /\.random_aspect_ratio_param\.resize_param\.pad/,
    'transform_param',
    {
      random_aspect_ratio_param: { ...ASPECT, resize_param: { resize_mode: 'FIT_LARGE_SIZE_AND_PAD' } },
    },
  ],
  [/\.min_(height|width)$/, 'image_data_param', { min_height: 20, min_width: 30 }],
  [/^image_data_param\.new_/, 'image_data_param', { new_height: 4, new_width: 4 }],
  [/^data_param\.cache$/, 'data_param', { shuffle: true }],
];

interface Candidate {
  readonly path: string;
  readonly way: readonly string[];
  readonly values: readonly unknown[];
}

function candidatesOf(schema: MessageSchema, use: MessageUse, way: readonly string[] = []): Candidate[] {
  return [...schema.fields.values()].flatMap((field): Candidate[] => {
    const made = Object.hasOwn(use, field.name) ? use[field.name] : undefined;
    if (made === undefined || typeof made === 'string') return [];
    const here = [...way, field.name];
    if (field.kind !== 'message') return [{ path: here.join('.'), way: here, values: valuesOf(field) }];
    // A message that is read as a whole counts as one field.
    return made === true || made instanceof Set
      ? [{ path: here.join('.'), way: here, values: [{}] }]
      : candidatesOf(field.message, made as MessageUse, here);
  });
}

function valuesOf(field: Exclude<FieldSchema, { kind: 'message' }>): readonly unknown[] {
  const values =
    field.kind === 'enum'
      ? [...field.enum.values.keys()]
      : field.type === 'bool'
        ? [true, false]
        : field.type === 'string'
          ? ['elsewhere/']
          : field.type === 'float'
            ? [0.5, 0.25, 1.25, 3]
            : [2, 1, 5, 0, 25];
  return field.cardinality === 'repeated' ? values.map((value) => [value]) : values;
}

type Fields = Readonly<Record<string, unknown>>;

function withField(message: Fields, [name, ...rest]: readonly string[], value: unknown): Fields {
  const inner = (message[name!] ?? {}) as Fields;
  return { ...message, [name!]: rest.length === 0 ? value : withField(inner, rest, value) };
}

/** All that comes of a layer, as a text. */
async function outcome(layer: LayerParameter, phase: 'TRAIN' | 'TEST'): Promise<string> {
  const type = DATA_LAYERS.get(layer.type!)!;
  const settings = settingsOf(type, layer);
  const known = JSON.stringify([type.reads(settings, () => true), type.batchSize(settings)]);
  const resolvePath = (path: string) => join(path === 'datums-uint8' ? fixtures : folder.path, path);
  try {
    const options = { phase, seed: 1, resolvePath, folders: [folder.path], file: 'net.prototxt' };
    const reader = await type.open(settings, options);
    const hash = createHash('sha256');
    for (const index of [0, 1, 2, 3, 4]) for (const top of await reader.batch(index)) hash.update(top);
    await reader.close();
    return `${known} ${JSON.stringify([reader.tops, reader.diagnostics])} ${hash.digest('hex')}`;
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    return `${known} refused: ${error.diagnostics.map(({ message }) => message).join('\n')}`;
  }
}

const outcomes = new Map<string, Promise<string>>();
function outcomeOf(layer: LayerParameter, phase: 'TRAIN' | 'TEST'): Promise<string> {
  const key = `${phase} ${JSON.stringify(layer)}`;
  const result = outcomes.get(key) ?? outcome(layer, phase);
  outcomes.set(key, result);
  return result;
}

async function hasEffect({ path, way, values }: Candidate, type: string): Promise<boolean> {
  const beside = BESIDE.filter(([pattern]) => pattern.test(path));
  for (const phase of PHASES) {
    for (const text of BASES[type] ?? []) {
      const tops = 'top: "data" top: "label"';
      const [parsed] = readNetText(`layer { name: "d" type: "${type}" ${tops} ${text} }`, 'net.prototxt').net.layer;
      const layer = beside.reduce<Fields>(
        (current, [, name, fields]) => ({ ...current, [name]: { ...(current[name] as object), ...fields } }),
        { ...parsed! },
      );
      // Lists that a message read from a text would have.
      const complete = (fields: Fields): LayerParameter => {
        const { transform_param: transform } = fields as { transform_param?: object };
        return {
          ...fields,
          ...(transform && { transform_param: { mean_value: [], ...transform } }),
        } as object as LayerParameter;
      };
      const before = await outcomeOf(complete(layer), phase);
      for (const value of values) {
        if ((await outcomeOf(complete(withField(layer, way, value)), phase)) !== before) return true;
      }
    }
  }
  return false;
}

beforeEach(async () => {
  outcomes.clear();
  const image = (name: string) => readFileSync(join(__dirname, 'image/fixtures', name));
  const names = ['c.png', 'progressive.jpg', 'c420.jpg', 'exif.jpg'];
  for (const name of names) writeFileSync(join(folder.path, name), image(name));
  writeFileSync(join(folder.path, 'images.txt'), names.map((name, i) => `${name} ${i}\n`).join(''));
  const Datum = protobuf.Root.fromJSON(descriptor as protobuf.INamespace).lookupType('caffe.Datum');
  const encoded = (name: string) => Datum.encode(Datum.fromObject({ encoded: true, data: image(name) })).finish();
  await writeLevelDb(join(folder.path, 'encoded'), names.map((name, i) => [`${i}`, encoded(name)] as const)); // prettier-ignore
  await writeLevelDb(join(folder.path, 'gray'), [['0', encoded('g.png')], ['1', encoded('g.jpg')]]); // prettier-ignore
  const { File } = await loadHdf5();
  const file = new File(join(folder.path, 'rows.h5'), 'w', { libver: ['earliest', 'v108'] });
  file.create_dataset({ name: 'data', data: Float32Array.from({ length: 12 }, (_, i) => i), shape: [6, 2] });
  file.create_dataset({ name: 'label', data: Float32Array.from({ length: 6 }, (_, i) => i), shape: [6] });
  file.close();
  writeFileSync(join(folder.path, 'rows.txt'), 'rows.h5\n');
});

test.each([...DATA_LAYERS.keys()])('%s', async (type) => {
  const { fields } = DATA_LAYERS.get(type)!;
  const candidates = DIALECTS.flatMap((dialect) => candidatesOf(dialectSchema(dialect, 'LayerParameter'), fields));
  const idle: string[] = [];
  for (const each of new Map(candidates.map((candidate) => [candidate.path, candidate])).values()) {
    if (!(await hasEffect(each, type))) idle.push(each.path);
  }
  expect(idle).toEqual([]);
});
