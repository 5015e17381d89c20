import { caffeDescriptor, type LayerParameter, type NetParameter } from '@caffe-quant/caffe-io';
import {
  bindMessage,
  formatDiagnostics,
  parseText,
  schemaFromDescriptor,
  type JsonDescriptor,
} from 'caffe-prototxt-parser';

const schema = schemaFromDescriptor(caffeDescriptor as JsonDescriptor, 'caffe.NetParameter');

/** The net of a prototxt text. */
export function parseNet(text: string): NetParameter {
  const { document, diagnostics } = parseText(text, { file: 'test.prototxt' });
  const bound = bindMessage<NetParameter>(document, schema, { file: 'test.prototxt' });
  const all = [...diagnostics, ...bound.diagnostics];
  if (all.length) throw new Error(formatDiagnostics(all));
  return bound.message;
}

/** The layer of `layer { ... }`. */
export const parseLayer = (text: string): LayerParameter => parseNet(text).layer[0]!;
