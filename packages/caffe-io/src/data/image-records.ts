import { readFile } from 'node:fs/promises';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import type { RecordSource } from './batch-reader.ts';
import { systemErrorCode } from './data-error.ts';
import type { Datum } from './datum.ts';
import { GIT_LFS_POINTER_LIMIT, readGitLfsPointer } from './git-lfs-pointer.ts';
import { decodeImage } from './image/decode-image.ts';
import type { Image } from './image/image.ts';
import { ImageError } from './image/image-error.ts';
import { planes } from './image/planes.ts';
import { resizeImage } from './image/resize.ts';
import { absentHint } from './list-file.ts';
import type { ListEntry } from './list-entry.ts';

export interface ImageRecordOptions {
  /** The list, for messages. */
  readonly listFile: string;
  readonly entries: readonly ListEntry[];
  /** Paths of the images, one an entry. */
  readonly files: readonly string[];
  /** How large an image becomes. */
  readonly size: (image: Image) => readonly [height: number, width: number];
  readonly isColor: boolean;
}

const AGAIN = 'copy the image again from where it is whole, save it anew as a PNG or JPEG, or leave it out of the list';

/** Image files with labels, in the order of their list; each is read when it is asked for. */
export class ImageRecords implements RecordSource {
  readonly recordCount: number;
  readonly #options: ImageRecordOptions;

  constructor(options: ImageRecordOptions) {
    this.#options = options;
    this.recordCount = options.entries.length;
  }

  /** @throws DiagnosticsError at the line of the list, for each image that is missing or cannot be decoded */
  async datums(ordinals: readonly number[]): Promise<Datum[]> {
    const results = await Promise.allSettled(ordinals.map((ordinal) => this.#datum(ordinal)));
    const problems = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
    const other = problems.find((problem) => !(problem instanceof DiagnosticsError));
    if (other !== undefined) throw other;
    if (problems.length > 0) {
      throw new DiagnosticsError(problems.flatMap((problem) => (problem as DiagnosticsError).diagnostics));
    }
    return results.map((result) => (result as PromiseFulfilledResult<Datum>).value);
  }

  describe(ordinal: number): string {
    const { line, path } = this.#options.entries[ordinal]!;
    return `${this.#options.listFile}${line === undefined ? '' : `:${line}`}: the image ${path}`;
  }

  async close(): Promise<void> {
    // Files are open only while they are read.
  }

  async #datum(ordinal: number): Promise<Datum> {
    const { files, entries, size, isColor } = this.#options;
    const entry = entries[ordinal]!;
    const file = files[ordinal]!;
    let bytes: Buffer;
    try {
      bytes = await readFile(file);
    } catch (error) {
      const code = systemErrorCode(error);
      if (code === undefined) throw error;
      const why = code === 'ENOENT' ? `there is no file ${file}` : `${file} cannot be read (${code})`;
      throw this.#error(entry, why, absentHint(entry.path, file).hint);
    }
    if (bytes.length <= GIT_LFS_POINTER_LIMIT && readGitLfsPointer(bytes) !== undefined) {
      throw this.#error(entry, `${file} is a Git LFS pointer, not the image itself`, 'run `git lfs pull`');
    }
    try {
      const image = await decodeImage(bytes, isColor ? 'color' : 'gray');
      return { ...planes(resizeImage(image, ...size(image))), label: entry.label };
    } catch (error) {
      if (error instanceof ImageError) throw this.#error(entry, `${file} ${error.message}`, AGAIN);
      throw error;
    }
  }

  #error({ line }: ListEntry, message: string, hint?: string): DiagnosticsError {
    const { listFile: file } = this.#options;
    return new DiagnosticsError([
      {
        ...{ code: 'image', severity: 'error', file, message },
        ...(line !== undefined && { line }),
        ...(hint !== undefined && { hint }),
      },
    ]);
  }
}
