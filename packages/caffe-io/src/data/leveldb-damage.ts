import type { DiagnosticsError } from 'caffe-prototxt-parser';
import { dataError } from './data-error.ts';

/** What is wrong with one of a LevelDB's files, and from which byte on; the caller knows its name. */
export class LevelDbDamage extends Error {
  /** The last record of a log was never written whole, or the file was cut. */
  readonly isCutOff: boolean;

  constructor(message: string, isCutOff = false) {
    super(message);
    this.isCutOff = isCutOff;
  }
}

const AGAIN = 'copy the LevelDB again from where it is whole, or make it again from the images (convert_imageset)';

/** As a user is told of it. */
export const damaged = (file: string, { message, isCutOff }: LevelDbDamage): DiagnosticsError =>
  dataError(isCutOff ? 'leveldb-truncated' : 'leveldb-corrupt', file, message, AGAIN);
