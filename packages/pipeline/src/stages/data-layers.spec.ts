import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import sharp from 'sharp';
import { dataLockText, lockData } from '../authoring/lock-data.ts';
import { RUN } from '../run-all.ts';
import { runIn } from '../testing/run-in.ts';
import { SMALL_PROJECT, smallProject } from '../testing/small-project.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { writeHdf5 } from '../testing/write-hdf5.ts';
import { fingerprintStage } from './fingerprint/stage.ts';

const folder = temporaryFolder();
const RECORDS = 6;
const PIXELS = 60;
const pixel = (record: number, i: number) => (37 * record + 11 * i + (record % 3) * 5 * i) % 256;

/** The small project's net with another layer for its data. */
const netWith = (layer: string) =>
  (SMALL_PROJECT['train_val.prototxt'] ?? '').replace(/layer \{\n {2}name: "data"[^]*?\n\}\n/, `${layer}\n`);

interface Kind {
  readonly layer: string;
  /** Writes the data of the net's layer to the project's folder. */
  readonly write: (root: string) => Promise<void>;
  /** A file whose change is a change of the data. */
  readonly file: (root: string) => string;
  /** The name in the lock. */
  readonly name: string;
}

const KINDS: Readonly<Record<string, Kind>> = {
  ImageData: {
    layer: `layer {
  name: "data" type: "ImageData" top: "data" top: "label" transform_param { scale: 0.01 mirror: true }
  image_data_param { source: "list.txt" root_folder: "images/" batch_size: 2 shuffle: true new_height: 4 new_width: 5 }
}`,
    async write(root) {
      mkdirSync(join(root, 'images'));
      for (let i = 0; i < RECORDS; i++) {
        const data = Uint8Array.from({ length: 7 * 6 * 3 }, (_, k) => pixel(i, k));
        await sharp(data, { raw: { width: 7, height: 6, channels: 3 } })
          .jpeg()
          .toFile(join(root, `images/no ${i}.jpg`));
      }
      writeFileSync(
        join(root, 'list.txt'),
        Array.from({ length: RECORDS }, (_, i) => `no ${i}.jpg ${i % 3}\n`).join(''),
      );
    },
    file: (root) => join(root, 'images/no 3.jpg'),
    name: 'list.txt in images/',
  },
  HDF5Data: {
    layer: `layer {
  name: "data" type: "HDF5Data" top: "data" top: "label"
  hdf5_data_param { source: "list.txt" batch_size: 2 shuffle: true }
}`,
    async write(root) {
      for (const [name, from] of [
        ['a', 0],
        ['b', 3],
      ] as const) {
        // prettier-ignore
        const data = Float32Array.from({ length: 3 * PIXELS }, (_, i) => pixel(from + Math.floor(i / PIXELS), i % PIXELS) / 256);
        await writeHdf5(join(root, `${name}.h5`), {
          data: { data, shape: [3, 3, 4, 5] },
          label: { data: Float32Array.of(0, 1, 2), shape: [3] },
        });
      }
      writeFileSync(join(root, 'list.txt'), 'a.h5\nb.h5\n');
    },
    file: (root) => join(root, 'b.h5'),
    name: 'list.txt',
  },
  'Data of a LevelDB': {
    layer: `layer {
  name: "data" type: "Data" top: "data" top: "label" data_param { source: "level" batch_size: 2 }
  transform_param { scale: 0.01 }
}`,
    async write(root) {
      const level = new ClassicLevel<string, Uint8Array>(join(root, 'level'), { valueEncoding: 'view' });
      for (let i = 0; i < RECORDS; i++) {
        const image = Uint8Array.from({ length: PIXELS }, (_, k) => pixel(i, k));
        // Message Datum: channels, height, width, data, label.
        await level.put(`${i}`, Uint8Array.of(8, 3, 16, 4, 24, 5, 34, PIXELS, ...image, 40, i % 3));
      }
      await level.compactRange('', '~');
      await level.close();
    },
    file: (root) =>
      join(
        root,
        'level',
        readdirSync(join(root, 'level')).find((name) => name.endsWith('.ldb'))!,
      ),
    name: 'level',
  },
};

/** Digests of all that the stages leave, by `stage/file`; but the data's own: HDF5 notes the time in its files. */
function results(workspaceRoot: string): Record<string, string> {
  const out = join(workspaceRoot, 'dist/quantize/small');
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name !== 'fingerprint.json',
  );
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(
    paths.map((path) => [path.slice(out.length + 1), createHash('sha256').update(readFileSync(path)).digest('hex')]),
  );
}

describe.each(Object.entries(KINDS))('a net with %s', (_, { layer, write, file, name }) => {
  const project = (workspaceRoot: string, changes: Record<string, string> = {}) =>
    smallProject(workspaceRoot, { data: null, 'train_val.prototxt': netWith(layer), ...changes });
  const fingerprint = async (workspaceRoot: string) => {
    const place = { name: 'small', root: join(workspaceRoot, 'models/small'), workspaceRoot };
    const { success, errors } = await runIn(place, fingerprintStage);
    const path = join(workspaceRoot, 'dist/quantize/small/fingerprint/fingerprint.json');
    return success ? readFileSync(path, 'utf8') : errors;
  };

  test('trains, and twice the same', async () => {
    const runs = [];
    for (const workspaceRoot of ['a', 'b'].map((run) => join(folder.path, run))) {
      const place = project(workspaceRoot);
      await write(place.root);
      // The report shows the digests of the data, and HDF5 notes the time in its files.
      for (const stage of RUN.filter(({ name }) => name !== 'report' && name !== 'retrain'))
        expect(await runIn(place, stage, { maxIter: 6 })).toMatchObject({ success: true, errors: '' });
      runs.push(results(workspaceRoot));
    }
    expect(Object.keys(runs[0]!)).toEqual(expect.arrayContaining(['train/trained.caffemodel']));
    expect(runs[1]).toEqual(runs[0]);
  });

  test('is fingerprinted by what it reads: a changed byte changes it, other names of its folder do not', async () => {
    const place = project(folder.path);
    await write(place.root);
    const before = await fingerprint(folder.path);
    expect(JSON.parse(before).data).toHaveProperty([name]);
    mkdirSync(join(folder.path, 'models/small/other'));
    expect(await fingerprint(folder.path)).toBe(before);
    const bytes = readFileSync(file(place.root));
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(file(place.root), bytes);
    expect(await fingerprint(folder.path)).not.toBe(before);
  });

  test('has its digests in the lock, for a clone without the data', async () => {
    const place = project(folder.path);
    await write(place.root);
    const before = await fingerprint(folder.path);
    const lock = await dataLockText(await lockData(place, {}, false));
    writeFileSync(join(place.root, 'data.lock.json'), lock);
    expect(await fingerprint(folder.path)).toBe(before);
    // Only what the list lists; then the list too.
    for (const gone of readdirSync(place.root)
      .filter((entry) => /^(images|level|.*\.h5|list\.txt)$/.test(entry))
      .sort()) {
      rmSync(join(place.root, gone), { recursive: true });
      if (gone === 'a.h5') continue;
      expect(await fingerprint(folder.path)).toBe(before);
      expect(await dataLockText(await lockData(place, {}, false))).toBe(lock);
    }
    rmSync(join(place.root, 'data.lock.json'));
    expect(await fingerprint(folder.path)).toContain(`there is no data '${name.split(' in ')[0]}'`);
  });

  test('differs from the lock where a byte does', async () => {
    const place = project(folder.path);
    await write(place.root);
    writeFileSync(join(place.root, 'data.lock.json'), await dataLockText(await lockData(place, {}, false)));
    const bytes = readFileSync(file(place.root));
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(file(place.root), bytes);
    const errors = await fingerprint(folder.path);
    expect(errors).toContain(`the data source '${name}' differs from models/small/data.lock.json`);
    expect(errors).toMatch(/train_val\.prototxt:2/);
  });
});

test('a list whose files are nowhere, and no lock, is told with the first of them', async () => {
  const { layer } = KINDS['ImageData']!;
  const place = smallProject(folder.path, {
    data: null,
    'train_val.prototxt': netWith(layer),
    'list.txt': 'a.jpg 1\n',
  });
  const { errors } = await runIn(place, fingerprintStage);
  expect(errors).toContain("nothing of what the data source 'list.txt in images/' lists (1) is there");
});
