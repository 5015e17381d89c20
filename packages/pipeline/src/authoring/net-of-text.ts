import type { NetGraph, NetText } from '@caffe-quant/caffe-io';
import { buildNetGraph, readNetText } from '@caffe-quant/caffe-io';
import { DiagnosticsError, hasErrors } from 'caffe-prototxt-parser';

/** A file of text under the name that messages show. */
export interface NamedText {
  readonly file: string;
  readonly text: string;
}

export interface NetOfText {
  readonly net: NetText;
  readonly train: NetGraph;
  readonly test: NetGraph;
}

/** @throws DiagnosticsError with everything that is wrong with the prototxt */
export function netOfText({ file, text }: NamedText): NetOfText {
  const net = readNetText(text, file);
  if (hasErrors(net.diagnostics)) throw new DiagnosticsError(net.diagnostics);
  const train = buildNetGraph(net.net, { file, phase: 'TRAIN', locate: net.locate });
  const test = buildNetGraph(net.net, { file, phase: 'TEST', locate: net.locate });
  const diagnostics = [...train.diagnostics, ...test.diagnostics];
  if (hasErrors(diagnostics)) throw new DiagnosticsError(diagnostics);
  return { net, train: train.graph, test: test.graph };
}
