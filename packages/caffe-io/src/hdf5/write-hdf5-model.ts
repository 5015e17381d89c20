import { renameSync, rmSync } from 'node:fs';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { type Blob, isAbsent } from '../blob/blob.ts';
import type { CaffemodelToWrite } from '../caffemodel/write-caffemodel.ts';
import { type Hdf5, loadHdf5 } from './load-hdf5.ts';

/** What HDF5 1.8, of Caffe's years, can read. */
const OLD_FORMAT: Hdf5.FileOptions = { libver: ['earliest', 'v108'] };

/**
 * Writes a net's weights as Caffe does with `snapshot_format: HDF5`: `data/<layer>/<index>`, and `diff/<layer>/<index>`
 * where a blob has gradients. Only names and numbers get into such a file. The file appears when it is complete: it is
 * written under `<path>.partial` and renamed. HDF5 notes the time in it, so equal models do not give equal bytes.
 *
 * @throws DiagnosticsError for blobs of integers, which Caffe's HDF5 has no place for
 */
export async function writeHdf5Model(path: string, model: CaffemodelToWrite): Promise<void> {
  checkNumbers(path, model);
  const { File } = await loadHdf5();
  const partial = `${path}.partial`;
  try {
    const file = new File(partial, 'w', OLD_FORMAT);
    try {
      const data = new Groups(file, 'data');
      const hasDiff = model.layers.some(({ blobs }) => blobs.some(({ diff }) => diff !== undefined));
      const diff = hasDiff ? new Groups(file, 'diff') : undefined;
      for (const { name, blobs } of model.layers) {
        const values = data.of(name);
        const gradients = diff?.of(name);
        blobs.forEach((blob, index) => {
          if (isAbsent(blob)) return;
          writeNumbers(values, index, blob.shape, blob.double ?? blob.data);
          const gradient = blob.doubleDiff ?? blob.diff;
          if (gradient && gradients) writeNumbers(gradients, index, blob.shape, gradient);
        });
      }
    } finally {
      file.close();
    }
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

function checkNumbers(path: string, { layers }: CaffemodelToWrite): void {
  const isInteger = ({ int8, int32, uint64 }: Blob) => Boolean(int8 ?? int32 ?? uint64);
  const problems = layers.filter(({ blobs }) => blobs.some(isInteger));
  if (problems.length === 0) return;
  throw new DiagnosticsError(
    problems.map(({ name }) => ({
      code: 'hdf5-integers',
      severity: 'error',
      message: `the blobs of layer "${name}" are integers, which an HDF5 caffemodel cannot hold`,
      file: path,
      layer: name,
      hint: 'write a binary .caffemodel',
    })),
  );
}

function writeNumbers(group: Hdf5.Group, index: number, shape: number[], data: Float32Array | Float64Array): void {
  group.create_dataset({ name: String(index), data, shape });
}

/** The groups of the layers below one of the file's two; a `/` in a layer's name makes a group within a group. */
class Groups {
  readonly #groups = new Map<string, Hdf5.Group>();

  constructor(file: Hdf5.File, name: string) {
    this.#groups.set('', file.create_group(name));
  }

  of(path: string): Hdf5.Group {
    const known = this.#groups.get(path);
    if (known !== undefined) return known;
    const cut = path.lastIndexOf('/');
    const parent = this.of(path.slice(0, Math.max(cut, 0)));
    const group = parent.create_group(path.slice(cut + 1));
    this.#groups.set(path, group);
    return group;
  }
}
