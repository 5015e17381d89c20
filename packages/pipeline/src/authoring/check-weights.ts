import { readCaffemodel, readWeightsFile } from '@caffe-quant/caffe-io';
import { DiagnosticsError, hasErrors } from 'caffe-prototxt-parser';
import type { NamedText } from './net-of-text.ts';
import { netOfText } from './net-of-text.ts';

/**
 * Whether a file has the weights of a net, before it is taken for them.
 *
 * @param weights where they are, or their bytes
 * @param shown what messages call them
 * @throws DiagnosticsError where it is no weights file, is damaged, or has no layer of the net
 */
export async function checkWeights(weights: string | Uint8Array, shown: string, net: NamedText): Promise<void> {
  const model = await named(shown, async () =>
    typeof weights === 'string' ? readWeightsFile(weights) : readCaffemodel(weights, shown),
  );
  const errors = model.diagnostics.filter(({ severity }) => severity === 'error');
  if (hasErrors(errors)) throw new DiagnosticsError(errors.map((each) => ({ ...each, file: shown })));
  const { train, test } = netOfText(net);
  const names = new Set([...train.layers, ...test.layers].map(({ name }) => name));
  const own = model.layers.filter(({ blobs }) => blobs.length > 0).map(({ name }) => name);
  if (own.some((name) => names.has(name))) return;
  const message =
    own.length === 0
      ? 'the file has no weights'
      : `the weights are of another net: ${net.file} has none of their layers (${own.slice(0, 3).join(', ')}, ...)`;
  throw new DiagnosticsError([{ code: 'foreign-weights', severity: 'error', message, file: shown }]);
}

/** What is wrong with the file, under the name that the user gave it. */
async function named<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    throw new DiagnosticsError(error.diagnostics.map((each) => ({ ...each, file })));
  }
}
