import { readCaffemodelFile, writeCaffemodelFile, type NetGraph } from '@caffe-quant/caffe-io';
import { parameterShapes, type NetWeights, type Shape } from '@caffe-quant/kernels';

/** The weights that calibration changed, which training and the post-training model start from; an empty net where it changed none. */
export const CALIBRATED_WEIGHTS = 'calibrated.caffemodel';

export function writeCalibrated(
  file: string,
  graph: NetGraph,
  inputShapes: ReadonlyMap<string, Shape>,
  changed: NetWeights,
): void {
  const types = new Map(graph.layers.map(({ name, type }) => [name, type]));
  const shapes = changed.size === 0 ? [] : parameterShapes(graph, inputShapes);
  const layers = shapes.flatMap(({ layer, shapes: ofBlobs }) => {
    const blobs = changed.get(layer);
    if (!blobs) return [];
    return [
      { name: layer, type: types.get(layer)!, blobs: blobs.map((data, i) => ({ shape: [...ofBlobs[i]!], data })) },
    ];
  });
  writeCaffemodelFile(file, { name: graph.name, layers });
}

export function readCalibrated(file: string): NetWeights {
  const { layers } = readCaffemodelFile(file);
  return new Map(layers.map(({ name, blobs }) => [name, blobs.map(({ data }) => data)]));
}

/** The weights with those that calibration changed in their places. */
export function withCalibrated(weights: NetWeights, file: string): NetWeights {
  const changed = [...readCalibrated(file)].filter(([name]) => weights.has(name));
  return new Map([...weights, ...changed]);
}
