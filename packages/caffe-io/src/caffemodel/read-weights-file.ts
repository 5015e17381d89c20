import { closeSync, openSync, readSync } from 'node:fs';
import { readHdf5Model } from '../hdf5/read-hdf5-model.ts';
import type { Caffemodel } from './caffemodel.ts';
import { readCaffemodelFile, type ReadCaffemodelOptions } from './read-caffemodel.ts';

const HDF5_SIGNATURE = '\x89HDF\r\n\x1a\n';

/**
 * Reads a net's weights from disk, whichever of Caffe's two formats they are in: a binary `.caffemodel` or an HDF5
 * `.caffemodel.h5`. The content decides, not the name.
 *
 * @throws DiagnosticsError where the file cannot be read or is neither
 */
export async function readWeightsFile(path: string, options: ReadCaffemodelOptions = {}): Promise<Caffemodel> {
  return isHdf5(path) ? readHdf5Model(path) : readCaffemodelFile(path, options);
}

/** False also where the file cannot be read: the reader of caffemodels says why. */
function isHdf5(path: string): boolean {
  try {
    const file = openSync(path, 'r');
    try {
      const head = new Uint8Array(HDF5_SIGNATURE.length);
      readSync(file, head, 0, head.length, 0);
      return Buffer.from(head).toString('latin1') === HDF5_SIGNATURE;
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}
