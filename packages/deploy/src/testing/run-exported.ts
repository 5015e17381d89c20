import { buildNetGraph, type NetGraph, readCaffemodel, readNetText } from '@caffe-quant/caffe-io';
import type { NetWeights } from '@caffe-quant/kernels';
import type { ExportedModels } from '../export-models.ts';
import type { DeployFiles } from '../integer/integer-model.ts';

/** A text among the exported files. */
export const textOf = ({ files }: ExportedModels, name: string): string => files.get(name) as string;

/** Bytes among the exported files. */
export const bytesOf = ({ files }: ExportedModels, name: string): Uint8Array => files.get(name) as Uint8Array;

/** The net of a prototxt; a test fails where it has the slightest problem. */
export function graphOf(text: string, phase: 'TRAIN' | 'TEST' = 'TEST'): NetGraph {
  const { net, diagnostics } = readNetText(text, 'net.prototxt');
  const built = buildNetGraph(net, { file: 'net.prototxt', phase });
  expect([...diagnostics, ...built.diagnostics]).toEqual([]);
  return built.graph;
}

/** The float numbers of a caffemodel, by layer. */
export function weightsOf(bytes: Uint8Array): NetWeights {
  const { layers } = readCaffemodel(bytes, 'weights.caffemodel');
  return new Map(layers.map(({ name, blobs }) => [name, blobs.map(({ data }) => data)]));
}

export function deployFiles(exported: ExportedModels, prefix: string): DeployFiles {
  return {
    prototxt: { text: textOf(exported, `${prefix}_deploy_model.prototxt`), file: 'deploy.prototxt' },
    caffemodel: { bytes: bytesOf(exported, `${prefix}_deploy_weights.caffemodel`), file: 'deploy.caffemodel' },
    record: { text: textOf(exported, `${prefix}_scale_offset_record.txt`), file: 'record.txt' },
  };
}

/** The largest |a - b|. */
export function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0);
}

/** The index of the largest score of each row. */
export function predictions(scores: Float32Array, classes: number): number[] {
  return Array.from({ length: scores.length / classes }, (_, row) => {
    const part = scores.subarray(row * classes, (row + 1) * classes);
    return part.indexOf(Math.max(...part));
  });
}
