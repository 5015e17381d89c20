import { type LayerParameter, settingsOf } from '@caffe-quant/caffe-io';
import type { BlobData, CpuFallback } from '../layers/layer.ts';

/**
 * The tops of a layer that is computed behind the graph.
 *
 * @param text content of the file that the layer names; absent: it names none
 */
export function computeLayer(
  kernel: CpuFallback,
  layer: LayerParameter,
  bottoms: readonly BlobData[],
  text?: string,
): BlobData[] {
  const settings = settingsOf(kernel, layer);
  if (text === undefined) return kernel.compute(settings, bottoms);
  const reader = { text: () => text, blob: () => new Float32Array(0) };
  return kernel.compute(kernel.file!.load(settings, 'file', reader), bottoms);
}
