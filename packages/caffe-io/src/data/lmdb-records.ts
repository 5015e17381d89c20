import type { RecordSource } from './batch-reader.ts';
import { dataError } from './data-error.ts';
import { DatumError, decodeDatum } from './datum.ts';
import type { Datum } from './datum.ts';
import { LmdbReader } from './lmdb.ts';

/** The Datum records of an LMDB, in key order. */
export class LmdbRecords implements RecordSource {
  readonly recordCount: number;
  readonly #lmdb: LmdbReader;

  /** @throws DiagnosticsError where the LMDB cannot be read or holds no record */
  constructor(source: string) {
    this.#lmdb = new LmdbReader(source);
    this.recordCount = this.#lmdb.recordCount;
    if (this.recordCount > 0) return;
    this.close();
    throw dataError('data-empty', this.#lmdb.file, 'the data set has no records');
  }

  datum(ordinal: number): Datum {
    const { key, value } = this.#lmdb.record(ordinal);
    try {
      return decodeDatum(value);
    } catch (error) {
      if (!(error instanceof DatumError)) throw error;
      const hint =
        error.code === 'datum-encoded'
          ? 'make the data set with decoded images (convert_imageset without --encoded)'
          : undefined;
      throw dataError(
        error.code,
        this.#lmdb.file,
        `record ${ordinal} (key '${printable(key)}') ${error.message}`,
        hint,
      );
    }
  }

  close(): void {
    this.#lmdb.close();
  }
}

function printable(key: Uint8Array): string {
  const text = Buffer.from(key).toString('latin1');
  return text.slice(0, 80).replace(/[^\x20-\x7e]/g, '?');
}
