import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fingerprintSource, fingerprintSources, isDataPresent } from './fingerprint.ts';
import { imageDataLayer } from './image-data-layer.ts';
import { listFolder } from './list-folder.ts';
import type { ListKind } from './list-entry.ts';
import { settingsOf } from '../layer-type.ts';
import { diagnosticsOf } from './testing/diagnostics-of.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const IMAGE = join(process.cwd(), 'packages/caffe-io/src/data/image/fixtures/c.png');
const folder = temporaryFolder();

/** A folder with images, and files of other kinds that are empty. */
function images(...names: string[]): string {
  const path = join(folder.path, 'images');
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path);
  for (const name of names) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    if (name.endsWith('.png')) copyFileSync(IMAGE, join(path, name));
    else writeFileSync(join(path, name), '');
  }
  return path;
}

test.each<[string, ListKind, string[], [path: string, label: number][]]>([
  [
    'images without labels, in the order of their names',
    'paths',
    ['b.png', 'A.PNG', 'c/d.jpg', 'x.txt', '.y.png'],
    [
      ['A.PNG', 0],
      ['b.png', 0],
      ['c/d.jpg', 0],
    ],
  ],
  [
    'a folder for each class',
    'images',
    ['dog/1.png', 'cat/2.png', 'cat/in/1.png'],
    [
      ['cat/2.png', 0],
      ['cat/in/1.png', 0],
      ['dog/1.png', 1],
    ],
  ],
  [
    'folders that are numbers are the labels',
    'images',
    ['10/1.png', '9/1.png'],
    [
      ['10/1.png', 10],
      ['9/1.png', 9],
    ],
  ],
  [
    'HDF5 files',
    'hdf5',
    ['b.h5', 'a.hdf5', 'c.png'],
    [
      ['a.hdf5', 0],
      ['b.h5', 0],
    ],
  ],
])('%s', (_, kind, names, expected) => {
  expect(listFolder(images(...names), kind)).toEqual(expected.map(([path, label]) => ({ path, label })));
});

test.each<[string, ListKind, string[], string]>([
  ['no image', 'paths', ['a.txt'], 'the folder has no image'],
  ['an image of another kind', 'paths', ['a.png', 'b.tif'], 'images of this kind cannot be read: b.tif'],
  ['an image without a class', 'images', ['a/1.png', 'b.png'], 'the folder says no label of b.png'],
])('%s is refused', async (_, kind, names, message) => {
  const path = images(...names);
  expect(await diagnosticsOf(async () => listFolder(path, kind))).toEqual([
    expect.objectContaining({ file: path, message }),
  ]);
});

test('an ImageData layer reads it, by the labels of its folders', async () => {
  const source = images('b/1.png', 'a/1.png');
  const settings = settingsOf(imageDataLayer, {
    name: 'data',
    type: 'ImageData',
    top: ['data', 'label'],
    image_data_param: { source, batch_size: 2, new_height: 4, new_width: 4 },
  } as never);
  const reader = await imageDataLayer.open(settings, {
    phase: 'TEST',
    resolvePath: (path) => path,
    seed: 1,
    file: 'net',
  });
  const [data, labels] = await reader.batch(0);
  expect([data?.length, [...labels!]]).toEqual([2 * 3 * 4 * 4, [0, 1]]);
  await reader.close();
});

describe('its fingerprint', () => {
  const lists = { kind: 'images', rootFolder: '', folders: [] } as const;
  const take = async (path: string | undefined, lockFile?: string) =>
    (await fingerprintSources([{ name: 'images', path, lists }], { lockFile })).sources['images'];

  test('is of the images, and of the classes that their folders say', async () => {
    const before = await take(images('a/1.png', 'b/1.png', 'notes.txt'));
    expect(before).toMatchObject({ records: 2, files: [{ name: 'a/1.png' }, { name: 'b/1.png' }] });
    expect(await take(images('a/1.png', 'b/1.png'))).toEqual(before);
    expect(await take(images('a/1.png', 'c/1.png'))).not.toEqual(before);
  });

  test('is absent where no image is there', async () => {
    const path = images('.gitkeep');
    expect(isDataPresent({ name: 'images', path, lists })).toBe(false);
    expect(await diagnosticsOf(() => take(path))).toEqual([expect.objectContaining({ code: 'data-absent' })]);
    expect(await fingerprintSource(join(folder.path, 'none'))).toBeUndefined();
  });
});
