import type { NetGraph } from '@caffe-quant/caffe-io';
import type { Shape } from '@caffe-quant/kernels';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { measureNet, type MeasuredNet } from './measured-net.ts';

/** How a layer is written that takes any batch size, by its type. */
const HINTS: Readonly<Record<string, string>> = {
  Reshape: 'keep the first axis as it is, in a Reshape by `dim: 0`',
  Flatten: 'keep the first axis, in a Flatten by `axis: 1`',
  Slice: 'slice along another axis than the first, which counts images',
  DummyData: 'leave the data to a Scale or Bias layer with weights, or give them a first axis of length 1',
};

/**
 * Looks whether a net that fits the batch size of its data takes one image too, which is what models are exported for.
 *
 * @param net the net with the data's batch size
 * @throws DiagnosticsError where a layer has the batch size built in, in its settings or in the size of its weights
 */
export function checkOneImage(graph: NetGraph, inputShapes: ReadonlyMap<string, Shape>, net: MeasuredNet): void {
  const one = measureOne(graph, inputShapes);
  for (const { layer, params } of net.layers.values()) {
    const index = params.findIndex(
      ({ shape }, i) => shape.join() !== one.layers.get(layer.name)!.params[i]!.shape.join(),
    );
    if (index === -1) continue;
    const [own, single] = [params[index]!.shape, one.layers.get(layer.name)!.params[index]!.shape];
    throw new DiagnosticsError([
      {
        code: 'batch-built-in',
        severity: 'error',
        message: `blob ${index} of layer "${layer.name}" would be [${single.join(', ')}] for a batch of 1, which models are exported for; with the data's it is [${own.join(', ')}]`,
        file: graph.file,
        ...(layer.line !== undefined && { line: layer.line }),
        layer: layer.name,
        hint: 'the first axis of the data counts images in exported models: keep it, in a Reshape by `dim: 0`; where it is another thing, put an axis of length 1 before it, and count `axis` from there',
      },
    ]);
  }
}

function measureOne(graph: NetGraph, inputShapes: ReadonlyMap<string, Shape>): MeasuredNet {
  try {
    return measureNet(graph, inputShapes, 1);
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    const types = new Map(graph.layers.map(({ name, type }) => [name, type]));
    throw new DiagnosticsError(
      error.diagnostics.map((each) => {
        const way = HINTS[types.get(each.layer ?? '') ?? ''] ?? 'see which layer before it has the batch size built in';
        return {
          ...each,
          hint: each.hint ?? `models are exported for one image at a time, not for the data's batch size: ${way}`,
        };
      }),
    );
  }
}
