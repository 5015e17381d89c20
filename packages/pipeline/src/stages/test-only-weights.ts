import type { LayerToWrite, NetGraph } from '@caffe-quant/caffe-io';
import type { NetWeights } from '@caffe-quant/kernels';
import type { Project } from '../project/project.ts';
import { readWeights } from '../project/read-weights.ts';

/**
 * The project's weights of the layers that the TEST net has and the trained one lacks. As in Caffe, they are those of the
 * caffemodel before and after training.
 */
export async function testOnlyLayers(project: Project, trained: NetGraph): Promise<LayerToWrite[]> {
  const own = new Set(trained.layers.map(({ name }) => name));
  const others = new Set(project.test.layers.map(({ name }) => name).filter((name) => !own.has(name)));
  if (others.size === 0) return [];
  const { layers } = await readWeights(project);
  return layers
    .filter(({ name, blobs }) => others.has(name) && blobs.length > 0)
    .map(({ name, type, blobs }) => ({ name, type, blobs }));
}

export const blobsOf = (layers: readonly LayerToWrite[]): NetWeights =>
  new Map(layers.map(({ name, blobs }) => [name, blobs.map(({ data }) => data)]));
