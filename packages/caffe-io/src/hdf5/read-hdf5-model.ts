import { statSync } from 'node:fs';
import { type Diagnostic, DiagnosticsError } from 'caffe-prototxt-parser';
import { absentBlob, type Blob, elementCount } from '../blob/blob.ts';
import { createMessage } from '../caffe-schema.ts';
import type { Caffemodel, CaffemodelLayer } from '../caffemodel/caffemodel.ts';
import { type Hdf5, hdf5Reason, loadHdf5 } from './load-hdf5.ts';
import { withHdf5File } from './with-hdf5-file.ts';

/** Axes of a blob at most: Caffe's kMaxBlobAxes. */
const MAX_AXES = 32;
/** Far more than any real net has; they bound the time that a file takes whose groups hold each other. */
const MAX_LAYERS = 20_000;
/** Groups within groups: the `/` in layer names. */
const MAX_DEPTH = 8;

/**
 * Reads the weights that Caffe saves with `snapshot_format: HDF5`: a data set `data/<layer>/<index>` for each blob, its
 * axes those of the data set; `diff/<layer>/<index>` for the gradients. Such a file knows nothing else of the net: types
 * are empty, and the layers come in the order of their names. Source: `Net::ToHDF5` in BVLC Caffe's net.cpp.
 *
 * @throws DiagnosticsError where the file is not HDF5, is broken, or holds no such groups
 */
export async function readHdf5Model(path: string): Promise<Caffemodel> {
  const hdf5 = await loadHdf5();
  const reader = new Hdf5ModelReader(hdf5, path);
  try {
    return withHdf5File(hdf5, path, (file) => reader.read(file));
  } catch (error) {
    if (error instanceof DiagnosticsError) throw error;
    throw reader.failure('broken-hdf5', `the HDF5 file cannot be read${reader.at}: ${hdf5Reason(error)}`, {
      hint: 'the file is cut off or was altered: copy or download it again',
    });
  }
}

class Hdf5ModelReader {
  readonly #hdf5: typeof Hdf5;
  readonly #path: string;
  readonly #size: number;
  #layers = 0;
  #place = '';

  constructor(hdf5: typeof Hdf5, path: string) {
    this.#hdf5 = hdf5;
    this.#path = path;
    this.#size = statSync(path).size;
  }

  /** Where the reader is, for an error. */
  get at(): string {
    return this.#place && `, at ${this.#place}`;
  }

  failure(code: string, message: string, more: Partial<Diagnostic> = {}): DiagnosticsError {
    return new DiagnosticsError([{ code, severity: 'error', message, file: this.#path, ...more }]);
  }

  read(file: Hdf5.File): Caffemodel {
    const data = file.keys().includes('data') ? file.get('data') : null;
    if (!(data instanceof this.#hdf5.Group)) {
      const isState = file.keys().includes('history');
      const hint = isState ? 'it is a solver state; give the .caffemodel.h5' : 'give the file that Caffe wrote';
      throw this.failure('not-a-caffemodel', 'this HDF5 file has no group "data", so it is not a caffemodel', { hint });
    }
    const diff = file.keys().includes('diff') ? file.get('diff') : null;
    const layers = this.#group(data, diff instanceof this.#hdf5.Group ? diff : undefined, '', 0);
    if (layers.length === 0) throw this.failure('not-a-caffemodel', 'the group "data" of this HDF5 file has no layers');
    const net = createMessage('NetParameter');
    return { name: '', layers, net, format: 'hdf5', dialect: 'bvlc', diagnostics: [] };
  }

  /** The layers below a group: a name with a `/` is a group within a group. */
  #group(data: Hdf5.Group, diff: Hdf5.Group | undefined, prefix: string, depth: number): CaffemodelLayer[] {
    if (depth > MAX_DEPTH) throw this.failure('broken-hdf5', `groups are nested too deep at "${prefix}"`);
    return data.keys().flatMap((key): CaffemodelLayer[] => {
      this.#place = `data/${prefix}${key}`;
      const entity = this.#linked(data, key);
      if (!(entity instanceof this.#hdf5.Group)) return [];
      if (++this.#layers > MAX_LAYERS) throw this.failure('broken-hdf5', 'more layers than any net has');
      const name = prefix + key;
      const other = diff?.keys().includes(key) ? diff.get(key) : null;
      const otherGroup = other instanceof this.#hdf5.Group ? other : undefined;
      const blobs = this.#blobs(entity, otherGroup, name);
      const below = this.#group(entity, otherGroup, `${name}/`, depth + 1);
      if (blobs.length === 0 && below.length > 0) return below;
      const param = createMessage('LayerParameter', { name });
      return [{ name, type: '', blobs, param }, ...below];
    });
  }

  #blobs(group: Hdf5.Group, diff: Hdf5.Group | undefined, layer: string): Blob[] {
    const keys = group.keys().filter((key) => /^\d{1,4}$/.test(key));
    const count = Math.max(-1, ...keys.map(Number)) + 1;
    return Array.from({ length: count }, (_, index): Blob => {
      this.#place = `data/${layer}/${index}`;
      // Caffe leaves out a blob that another layer owns.
      if (!keys.includes(String(index))) return absentBlob();
      const blob = this.#blob(this.#linked(group, String(index)));
      if (!diff?.keys().includes(String(index))) return blob;
      this.#place = `diff/${layer}/${index}`;
      const { data, double } = this.#blob(diff.get(String(index)));
      return { ...blob, diff: data, ...(double && { doubleDiff: double }) };
    });
  }

  /** What stands in a group under a name, or what a link there leads to: layers that share may be linked. */
  #linked(group: Hdf5.Group, key: string): Hdf5.Entity | null {
    const { filename } = group.get_external_link(`${group.path}/${key}`);
    if (filename) throw this.#wrong(`it is a link to another file, ${filename}`);
    const entity = this.#get(group, key);
    if (entity instanceof this.#hdf5.BrokenSoftLink) throw this.#wrong(`it is a link to nothing, ${entity.target}`);
    return entity;
  }

  /** The library throws where a link leads into a group that is not there. */
  #get(group: Hdf5.Group, key: string): Hdf5.Entity | null {
    try {
      return group.get(key);
    } catch (error) {
      if (hdf5Reason(error) !== 'component not found') throw error;
      throw this.#wrong(`it is a link to nothing, ${group.get_link(`${group.path}/${key}`)}`);
    }
  }

  #wrong(why: string): DiagnosticsError {
    return this.failure('broken-hdf5', `the HDF5 file cannot be read${this.at}: ${why}`);
  }

  #blob(entity: Hdf5.Entity | null): Blob {
    if (!(entity instanceof this.#hdf5.Dataset)) throw this.#wrong('it is not data set');
    const { shape, metadata } = entity;
    if (shape === null || shape.length > MAX_AXES) throw this.#wrong('it has no shape that a blob can have');
    // Caffe stores its numbers as they are; only a compressed data set can be larger than its file.
    const bytes = elementCount(shape) * metadata.size;
    if (metadata.chunks === null && bytes > this.#size)
      throw this.#wrong(`it takes ${bytes} bytes, the file ${this.#size}`);
    const { value } = entity;
    if (value instanceof Float32Array) return { shape: [...shape], data: value };
    if (value instanceof Float64Array) return { shape: [...shape], data: Float32Array.from(value), double: value };
    if (typeof value === 'number') return { shape: [...shape], data: Float32Array.of(value) };
    throw this.#wrong(`it holds ${String(entity.dtype)}, not numbers of floating point`);
  }
}
