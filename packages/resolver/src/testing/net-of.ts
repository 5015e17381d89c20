import { buildNetGraph, readNetText } from '@caffe-quant/caffe-io';
import type { NetGraph } from '@caffe-quant/caffe-io';

/** The graph of a net given as text. */
export function netOf(text: string, phase: 'TRAIN' | 'TEST' = 'TRAIN', file = 'net.prototxt'): NetGraph {
  const { net, locate } = readNetText(text, file);
  return buildNetGraph(net, { file, phase, locate }).graph;
}
