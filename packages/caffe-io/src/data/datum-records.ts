import type { RecordSource } from './batch-reader.ts';
import { dataError } from './data-error.ts';
import { DatumError, parseDatum } from './datum.ts';
import type { Datum } from './datum.ts';
import { decodeImage } from './image/decode-image.ts';
import type { ColorMode } from './image/color-mode.ts';
import { ImageError } from './image/image-error.ts';
import { planes } from './image/planes.ts';

/** One record of a data base. The bytes do not change later. */
export interface DatabaseRecord {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** An open data base: an LMDB or a LevelDB. */
export interface Database {
  /** For messages. */
  readonly file: string;
  readonly recordCount: number;
  /** @param ordinals positions in key order, 0 to `recordCount` - 1 */
  records(ordinals: readonly number[]): Promise<DatabaseRecord[]>;
  close(): Promise<void>;
}

const AGAIN = 'make the data set again from the images (convert_imageset), or leave this one out of it';

/** The Datum records of a data base, in key order. Encoded images are decoded. */
export class DatumRecords implements RecordSource {
  readonly recordCount: number;
  readonly #database: Database;
  readonly #mode: ColorMode;

  /** @param mode what encoded images become; records that are not encoded stay as they are */
  constructor(database: Database, mode: ColorMode) {
    this.#database = database;
    this.#mode = mode;
    this.recordCount = database.recordCount;
  }

  /** @throws DiagnosticsError where a record is not a Datum, or its image cannot be decoded */
  async datums(ordinals: readonly number[]): Promise<Datum[]> {
    const records = await this.#database.records(ordinals);
    return Promise.all(records.map(({ key, value }, i) => this.#datum(value, ordinals[i]!, key)));
  }

  describe(ordinal: number): string {
    return `record ${ordinal}`;
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  async #datum(value: Uint8Array, ordinal: number, key: Uint8Array): Promise<Datum> {
    try {
      const datum = parseDatum(value);
      if (!('encoded' in datum)) return datum;
      return { ...planes(await decodeImage(datum.encoded, this.#mode)), label: datum.label };
    } catch (error) {
      const where = `record ${ordinal} (key '${printable(key)}')`;
      const { file } = this.#database;
      if (error instanceof DatumError) throw dataError(error.code, file, `${where} ${error.message}`, AGAIN);
      if (error instanceof ImageError) throw dataError('image', file, `the image of ${where} ${error.message}`, AGAIN);
      throw error;
    }
  }
}

function printable(key: Uint8Array): string {
  const text = Buffer.from(key).toString('latin1');
  return text.slice(0, 80).replace(/[^\x20-\x7e]/g, '?');
}
