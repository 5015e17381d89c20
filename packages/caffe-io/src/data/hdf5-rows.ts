import { closeSync, openSync, readSync } from 'node:fs';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { elementCount } from '../blob/blob.ts';
import { describeNotFinite, findNotFinite } from '../blob/not-finite.ts';
import { type Hdf5, hdf5Reason, loadHdf5 } from '../hdf5/load-hdf5.ts';
import { withHdf5File } from '../hdf5/with-hdf5-file.ts';
import { systemErrorCode } from './data-error.ts';
import { GIT_LFS_POINTER_LIMIT, readGitLfsPointer } from './git-lfs-pointer.ts';
import { absentHint } from './list-file.ts';
import type { ListEntry } from './list-entry.ts';

export interface Hdf5RowOptions {
  /** For messages. */
  readonly listFile: string;
  readonly entries: readonly ListEntry[];
  /** Paths of the HDF5 files, one an entry. */
  readonly files: readonly string[];
  /** Names of the data sets to read. */
  readonly names: readonly string[];
  /** Whether rows are asked for in any order within a file. */
  readonly isShuffled: boolean;
}

/** Values held at once while rows are read in order, and while they are read in any order: then a whole file, as Caffe. */
const WINDOW = 2 ** 24;
const SHUFFLED_WINDOW = 2 ** 27;
/** Values of a row: more are a file that was altered. */
const LARGEST_ROW = 2 ** 28;
/** Classes of HDF5's types that Caffe reads (hdf5.cpp): H5T_INTEGER and H5T_FLOAT. */
const NUMBERS: readonly number[] = [0, 1];

/** Rows of one file that are in memory, an array per data set. */
interface Window {
  readonly file: number;
  readonly from: number;
  readonly to: number;
  readonly values: readonly Float32Array[];
}

/** The rows of the data sets in several HDF5 files, one file after the other. */
export class Hdf5Rows {
  /** Rows of each file. */
  readonly groups: readonly number[];
  readonly rowCount: number;
  /** Of one row, per data set: its axes but the first. */
  readonly rowShapes: readonly (readonly number[])[];
  readonly #options: Hdf5RowOptions;
  readonly #hdf5: typeof Hdf5;
  readonly #starts: readonly number[];
  #window: Window | undefined;

  private constructor(hdf5: typeof Hdf5, options: Hdf5RowOptions, shapes: readonly (readonly number[][])[]) {
    this.#hdf5 = hdf5;
    this.#options = options;
    this.groups = shapes.map(([first]) => first![0]!);
    this.rowShapes = shapes[0]!.map((shape) => shape.slice(1));
    let rows = 0;
    this.#starts = this.groups.map((count) => (rows += count) - count);
    this.rowCount = rows;
  }

  /** @throws DiagnosticsError at the lines of the list, for each file that is missing or does not hold the data sets */
  static async open(options: Hdf5RowOptions): Promise<Hdf5Rows> {
    const hdf5 = await loadHdf5();
    const problems: Diagnostic[] = [];
    const shapes: number[][][] = [];
    options.files.forEach((path, file) => {
      try {
        shapes.push(withFile(hdf5, path, (open) => shapesOf(hdf5, open, options.names, shapes[0])));
      } catch (error) {
        problems.push(problem(options, file, error));
      }
    });
    if (problems.length > 0) throw new DiagnosticsError(problems);
    return new Hdf5Rows(hdf5, options, shapes);
  }

  /**
   * @param ordinals numbers of rows, counted on from file to file
   * @returns an array per data set: [rows, ...rowShape]
   * @throws DiagnosticsError at the list's line where a file cannot be read, or a row holds a number that is not finite
   */
  read(ordinals: readonly number[]): Float32Array[] {
    const sizes = this.rowShapes.map((shape) => elementCount(shape));
    const output = sizes.map((size) => new Float32Array(size * ordinals.length));
    ordinals.forEach((ordinal, i) => {
      const { from, values } = this.#windowAt(ordinal);
      sizes.forEach((size, top) => {
        const at = (ordinal - from) * size;
        output[top]!.set(values[top]!.subarray(at, at + size), i * size);
      });
    });
    output.forEach((values, top) => this.#checkFinite(values, top, ordinals));
    return output;
  }

  /** Only rows that are used are looked at. */
  #checkFinite(values: Float32Array, top: number, ordinals: readonly number[]): void {
    const broken = findNotFinite(values);
    if (!broken) return;
    const shape = this.rowShapes[top]!;
    const size = elementCount(shape);
    const ordinal = ordinals[Math.floor(broken.element / size)]!;
    const file = this.#fileOf(ordinal);
    const place = describeNotFinite({ ...broken, element: broken.element % size, count: 1 }, shape);
    const error = new Hdf5DataError(
      `is not finite in row ${ordinal - this.#starts[file]!} of '${this.#options.names[top]}': ` +
        (shape.length === 0 ? `the row ${place}` : place),
      'not-finite',
    );
    throw new DiagnosticsError([problem(this.#options, file, error)]);
  }

  #fileOf(ordinal: number): number {
    return this.#starts.findLastIndex((start) => start <= ordinal);
  }

  /** The rows in memory with this one among them; `from` and `to` count on from file to file. */
  #windowAt(ordinal: number): Window {
    const known = this.#window;
    if (known !== undefined && ordinal >= known.from && ordinal < known.to) return known;
    this.#window = undefined;
    const file = this.#fileOf(ordinal);
    const start = this.#starts[file]!;
    const rows = this.groups[file]!;
    const rowSize = this.rowShapes.reduce((sum, shape) => sum + elementCount(shape), 0);
    const most = Math.max(1, Math.floor((this.#options.isShuffled ? SHUFFLED_WINDOW : WINDOW) / rowSize));
    // Rows in any order of a file that is too large come one by one.
    const size = this.#options.isShuffled && rows > most ? 1 : most;
    const first = Math.floor((ordinal - start) / size) * size;
    const last = Math.min(first + size, rows);
    try {
      const values = withFile(this.#hdf5, this.#options.files[file]!, (open) =>
        this.#options.names.map((name, top) => readRows(open, name, this.rowShapes[top]!, first, last)),
      );
      return (this.#window = { file, from: start + first, to: start + last, values });
    } catch (error) {
      throw new DiagnosticsError([problem(this.#options, file, error)]);
    }
  }
}

/** What is wrong with a file; its name is said by the caller. */
class Hdf5DataError extends Error {
  readonly code: string;

  constructor(message: string, code = 'hdf5-data') {
    super(message);
    this.code = code;
  }
}

function problem({ listFile, entries, files }: Hdf5RowOptions, file: number, error: unknown): Diagnostic {
  const known = error instanceof Hdf5DataError ? error : undefined;
  const why = known?.message ?? `cannot be read: ${hdf5Reason(error)}`;
  const { line, path } = entries[file]!;
  const code = known?.code ?? 'hdf5-data';
  const hint = code === 'not-finite' ? { hint: 'write the row anew, or leave it out' } : absentHint(path, files[file]!);
  const at = { file: listFile, ...(line !== undefined && { line }) };
  return { code, severity: 'error', ...at, message: `${files[file]} ${why}`, ...hint };
}

function withFile<T>(hdf5: typeof Hdf5, path: string, read: (file: Hdf5.File) => T): T {
  checkFile(path);
  return withHdf5File(hdf5, path, read);
}

function checkFile(path: string): void {
  const head = Buffer.alloc(GIT_LFS_POINTER_LIMIT);
  try {
    const file = openSync(path, 'r');
    try {
      readSync(file, head);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const code = systemErrorCode(error);
    throw new Hdf5DataError(code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`);
  }
  if (readGitLfsPointer(head) !== undefined) {
    throw new Hdf5DataError('is a Git LFS pointer, not the data itself; run `git lfs pull`');
  }
}

/** Shapes of the data sets of one file, checked against each other and against those of the first file. */
function shapesOf(
  hdf5: typeof Hdf5,
  file: Hdf5.File,
  names: readonly string[],
  firstFile: readonly number[][] | undefined,
): number[][] {
  const known = file.keys();
  const shapes = names.map((name) => {
    if (known.includes(name)) checkStaysInside(file, name);
    const dataset = known.includes(name) ? file.get(name) : null;
    if (!(dataset instanceof hdf5.Dataset)) {
      throw new Hdf5DataError(`has no data set '${name}', which a top is named for; it has: ${known.join(', ')}`);
    }
    const { shape, metadata, dtype } = dataset;
    const [source] = metadata.virtual_sources ?? [];
    if (source) throw new Hdf5DataError(`has in '${name}' ${OTHER_FILES}, such as ${source.file_name}`);
    const isHalf = metadata.type === NUMBERS[1] && metadata.size < 4;
    if (!NUMBERS.includes(metadata.type) || isHalf) {
      throw new Hdf5DataError(
        `holds ${typeName(dtype)} in '${name}', not whole numbers or floating-point ones of 32 or 64 bits`,
      );
    }
    if (!shape || shape.length === 0) throw new Hdf5DataError(`has no rows in '${name}'`);
    const rowSize = elementCount(shape.slice(1));
    if (rowSize > LARGEST_ROW) throw new Hdf5DataError(`has rows of ${rowSize} values in '${name}', which is too many`);
    return [...shape];
  });
  const rows = shapes[0]![0]!;
  shapes.forEach((shape, i) => {
    if (shape[0] !== rows) {
      throw new Hdf5DataError(`has ${rows} rows in '${names[0]}', but ${shape[0]} in '${names[i]}'`);
    }
    if (shape.some((size) => size < 1)) throw new Hdf5DataError(`has the shape [${shape.join(', ')}] in '${names[i]}'`);
    const first = firstFile?.[i];
    if (first && (first.length !== shape.length || first.some((size, axis) => axis > 0 && size !== shape[axis]))) {
      const [here, there] = [shape, first].map((axes) => ['rows', ...axes.slice(1)].join(', '));
      throw new Hdf5DataError(`has [${here}] in '${names[i]}', but the first file has [${there}]`);
    }
  });
  return shapes;
}

/** What would be read of files that the list does not name, and that no fingerprint covers. */
function checkStaysInside(file: Hdf5.File, name: string): void {
  const { filename, obj_path: target } = file.get_external_link(`/${name}`);
  if (filename) throw new Hdf5DataError(`has for '${name}' a link to another file, ${filename} (${target})`);
}

const OTHER_FILES = 'a virtual data set, made of other files';

/** As NumPy spells it; what it consists of, where it has no such name. */
function typeName(dtype: unknown): string {
  return typeof dtype === 'string' ? dtype : JSON.stringify(dtype);
}

function readRows(file: Hdf5.File, name: string, shape: readonly number[], first: number, last: number): Float32Array {
  const dataset = file.get(name) as Hdf5.Dataset;
  const rowSize = elementCount(shape);
  const output = new Float32Array((last - first) * rowSize);
  // In parts: the library's own memory never shrinks.
  const part = Math.max(1, Math.floor(WINDOW / rowSize));
  for (let row = first; row < last; row += part) {
    const end = Math.min(row + part, last);
    const values = dataset.slice([[row, end], ...shape.map((axis): [number, number] => [0, axis])]);
    if (!ArrayBuffer.isView(values)) throw new Error(`no numbers in ${name}`);
    const numbers = values as unknown as Float32Array | BigInt64Array;
    const at = (row - first) * rowSize;
    if (numbers instanceof BigInt64Array || numbers instanceof BigUint64Array) {
      for (let i = 0; i < numbers.length; i++) output[at + i] = Number(numbers[i]);
    } else output.set(numbers, at);
  }
  return output;
}
