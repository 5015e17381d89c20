import { statSync, writeFileSync } from 'node:fs';
import { readCaffemodelFile, writeCaffemodelFile, type NetGraph } from '@caffe-quant/caffe-io';
import { parameterShapes, type NetWeights, type Shape } from '@caffe-quant/kernels';

/** The weights that calibration changed, which training and the post-training model start from; a file without content where it changed none. */
export const CALIBRATED_WEIGHTS = 'calibrated.caffemodel';

export function writeCalibrated(
  file: string,
  graph: NetGraph,
  inputShapes: ReadonlyMap<string, Shape>,
  changed: NetWeights,
): void {
  if (changed.size === 0) return writeFileSync(file, '');
  const types = new Map(graph.layers.map(({ name, type }) => [name, type]));
  const layers = parameterShapes(graph, inputShapes).flatMap(({ layer, shapes: ofBlobs }) => {
    const blobs = changed.get(layer);
    if (!blobs) return [];
    return [
      { name: layer, type: types.get(layer)!, blobs: blobs.map((data, i) => ({ shape: [...ofBlobs[i]!], data })) },
    ];
  });
  writeCaffemodelFile(file, { name: graph.name, layers });
}

export function readCalibrated(file: string): NetWeights {
  if (statSync(file).size === 0) return new Map();
  const { layers } = readCaffemodelFile(file);
  return new Map(layers.map(({ name, blobs }) => [name, blobs.map(({ data }) => data)]));
}

/** The weights with those that calibration changed in their places. */
export function withCalibrated(weights: NetWeights, file?: string): NetWeights {
  if (file === undefined) return weights;
  const changed = [...readCalibrated(file)].filter(([name]) => weights.has(name));
  return new Map([...weights, ...changed]);
}
