import type { NetGraph } from '@caffe-quant/caffe-io';
import type { Shape } from '@caffe-quant/kernels';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { inferShapes, type NetShapes } from './infer-shapes.ts';

const STEPS_FIRST =
  'its own first axis is time, its second one images: put a Permute before it, with `order: 1 order: 0`';

/** How a layer is written that takes any batch size, by its type. */
const HINTS: Readonly<Record<string, string>> = {
  LSTM: STEPS_FIRST,
  RNN: STEPS_FIRST,
  Reshape: 'keep the first axis as it is, in a Reshape by `dim: 0`',
  Flatten: 'keep the first axis, in a Flatten by `axis: 1`',
  Slice: 'slice along another axis than the first, which counts images',
  DummyData: 'leave the data to a Scale or Bias layer with weights, or give them a first axis of length 1',
};

/**
 * Looks whether a net that fits the batch size of its data takes one image too, which is what models are exported for.
 *
 * @param net the net with the data's batch size
 * @throws DiagnosticsError where a layer has the batch size built in: in its settings, in the size of its weights, or in its steps
 */
export function checkOneImage(graph: NetGraph, inputShapes: ReadonlyMap<string, Shape>, net: NetShapes): void {
  const one = measureOne(graph, inputShapes);
  for (const { layer, bottoms, params } of net.layers.values()) {
    const alone = one.layers.get(layer.name)!;
    const refuse = (message: string, hint: string) =>
      new DiagnosticsError([
        {
          code: 'batch-built-in',
          severity: 'error',
          message,
          file: graph.file,
          ...(layer.line !== undefined && { line: layer.line }),
          layer: layer.name,
          hint: `the first axis of the data counts images in exported models: ${hint}`,
        },
      ]);
    const index = params.findIndex(({ shape }, i) => shape.join() !== alone.params[i]!.shape.join());
    if (index !== -1) {
      const [own, single] = [params[index]!.shape, alone.params[index]!.shape];
      throw refuse(
        `blob ${index} of layer "${layer.name}" would be [${single.join(', ')}] for a batch of 1, which models are exported for; with the data's it is [${own.join(', ')}]`,
        'keep it, in a Reshape by `dim: 0`; where it is another thing, put an axis of length 1 before it, and count `axis` from there',
      );
    }
    const [steps, left] = [bottoms[0]?.[0], alone.bottoms[0]?.[0]];
    if (RECURRENT.has(layer.type) && steps !== left) {
      throw refuse(
        `${layer.type} "${layer.name}" goes on for ${steps} steps with the data's batch size, but for ${left} with a batch of 1, which models are exported for`,
        STEPS_FIRST,
      );
    }
  }
}

/** Layers that make one thing of all that is on the first axis, which is time. */
const RECURRENT: ReadonlySet<string> = new Set(['LSTM', 'RNN']);

function measureOne(graph: NetGraph, inputShapes: ReadonlyMap<string, Shape>): NetShapes {
  try {
    return inferShapes(graph, inputShapes, 1);
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
