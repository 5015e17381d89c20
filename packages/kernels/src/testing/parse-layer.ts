import { readNetText, type LayerParameter, type NetParameter } from '@caffe-quant/caffe-io';
import { formatDiagnostics, hasErrors } from 'caffe-prototxt-parser';

/** The net of a prototxt text, in whatever dialect it is. */
export function parseNet(text: string): NetParameter {
  const { net, diagnostics } = readNetText(text, 'test.prototxt');
  if (hasErrors(diagnostics)) throw new Error(formatDiagnostics(diagnostics));
  return net;
}

/** The layer of `layer { ... }`. */
export const parseLayer = (text: string): LayerParameter => parseNet(text).layer[0]!;
