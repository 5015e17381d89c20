import { existsSync } from 'node:fs';
import type { Caffemodel } from '@caffe-quant/caffe-io';
import { readCaffemodelFile } from '@caffe-quant/caffe-io';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import type { Project } from './load-project.ts';

/**
 * The weights that the project starts from.
 *
 * @throws DiagnosticsError where they are not there, are a Git LFS pointer or are no caffemodel
 */
export function readWeights({ weights }: Project): Caffemodel {
  const { path, shown } = weights;
  if (!existsSync(path)) {
    const message = 'the weights are not here, only their entry in data.lock.json';
    throw new DiagnosticsError([
      { code: 'weights-absent', severity: 'error', message, file: shown, hint: 'bring them, or use a cached result' },
    ]);
  }
  try {
    return readCaffemodelFile(path);
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    throw new DiagnosticsError(error.diagnostics.map((d) => (d.file === path ? { ...d, file: shown } : d)));
  }
}
