import type { Blob } from '../blob/blob.ts';
import type { Caffemodel, CaffemodelLayer } from './caffemodel.ts';

/**
 * Gives the Scale behind a BatchNorm what NVIDIA's Caffe keeps in the BatchNorm itself: of its five blobs mean [C], variance
 * [C], a third [1], scale [C], bias [C] the last two. In such a layer mean and variance count as they are, and the third,
 * which is 0 in files of 0.16 and older, counts for nothing; as BVLC's BatchNorm divides by it, it becomes 1. Training then
 * forgets the statistics as BVLC's does after one batch; NVIDIA's starts them anew. Any other number or shape of blobs stays
 * as it is. Source: `batch_norm_layer.cpp` of NVIDIA/caffe, branch caffe-0.17; NVIDIA/caffe#436 for the third blob.
 *
 * @param scales the Scale behind each BatchNorm, by the names by which the file may know them; one that the file itself has
 *   weights for keeps those
 */
export function separateScaleBlobs(model: Caffemodel, scales: ReadonlyMap<string, string>): Caffemodel {
  const withBlobs = new Set(model.layers.filter(({ blobs }) => blobs.length > 0).map(({ name }) => name));
  const scaleOf = ({ name, blobs }: CaffemodelLayer): string | undefined => {
    const scale = scales.get(name);
    return scale !== undefined && !withBlobs.has(scale) && hasScale(blobs) ? scale : undefined;
  };
  const separated = new Set(model.layers.map(scaleOf).filter((name) => name !== undefined));
  if (separated.size === 0) return model;
  const layers = model.layers
    .filter(({ name }) => !separated.has(name))
    .flatMap((layer): CaffemodelLayer[] => {
      const name = scaleOf(layer);
      if (name === undefined) return [layer];
      const [mean, variance, third, ...scale] = layer.blobs as [Blob, Blob, Blob, Blob, Blob];
      const one = { shape: third.shape, data: Float32Array.of(1) };
      return [
        { ...layer, blobs: [mean, variance, one] },
        { ...layer, name, type: 'Scale', blobs: scale },
      ];
    });
  return { ...model, layers };
}

function hasScale(blobs: readonly Blob[]): boolean {
  const [channels, ...others] = blobs.map(({ data }) => data.length);
  return blobs.length === 5 && others.every((length, i) => length === (i === 1 ? 1 : channels));
}
