import { existsSync } from 'node:fs';
import type { Caffemodel } from '@caffe-quant/caffe-io';
import { readWeightsFile } from '@caffe-quant/caffe-io';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import type { Project } from './project.ts';

/**
 * The weights that the project starts from, a binary or an HDF5 caffemodel.
 *
 * @throws DiagnosticsError where they are not there, are a Git LFS pointer or are not a caffemodel
 */
export async function readWeights({ weights }: Project): Promise<Caffemodel> {
  const { path, shown } = weights;
  if (!existsSync(path)) {
    const message = 'the weights are not here, only their entry in data.lock.json';
    throw new DiagnosticsError([
      { code: 'weights-absent', severity: 'error', message, file: shown, hint: 'bring them, or use a cached result' },
    ]);
  }
  try {
    return await readWeightsFile(path);
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    throw new DiagnosticsError(error.diagnostics.map((d) => (d.file === path ? { ...d, file: shown } : d)));
  }
}
