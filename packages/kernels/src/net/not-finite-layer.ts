import { describeNotFinite, findNotFinite, type GraphLayer, type NetGraph } from '@caffe-quant/caffe-io';
import type { Diagnostic } from 'caffe-prototxt-parser';
import type { BlobData } from '../layers/layer.ts';
import { isDataLayer, layerTypeOf } from '../layers/registry.ts';

/** A parameter of a layer: which blob of which layer it is, and its elements. */
export interface LayerBlob extends BlobData {
  layer: string;
  index: number;
}

/**
 * The layer where a NaN or an infinity arises: the first in net order that has one in a top, or in one of its weights.
 *
 * @param layers of the net, in net order
 * @param blobs what they made, by id; a layer without is passed over
 * @param paramsOf the parameters of a layer
 */
export function notFiniteLayer(
  { file }: NetGraph,
  layers: readonly GraphLayer[],
  blobs: ReadonlyMap<string, BlobData>,
  paramsOf: (layer: string) => readonly LayerBlob[],
): Diagnostic | undefined {
  for (const layer of layers) {
    const at = {
      ...{ code: 'not-finite', severity: 'error' as const, file, layer: layer.name },
      ...(layer.line !== undefined && { line: layer.line }),
    };
    for (const { layer: owner, index, shape, data } of paramsOf(layer.name)) {
      const broken = findNotFinite(data);
      if (broken) return { ...at, message: `of blob ${index} of layer "${owner}" ${describeNotFinite(broken, shape)}` };
    }
    for (const top of layer.tops) {
      const made = blobs.get(top.id);
      const broken = made && findNotFinite(made.data);
      if (!broken) continue;
      const what = `of blob '${top.name}' ([${made.shape.join(', ')}]) ${describeNotFinite(broken, made.shape)}`;
      if (isDataLayer(layer)) return { ...at, message: `the data are not finite: ${what}` };
      const hint = layerTypeOf(layer.type)?.notFiniteHint;
      return {
        ...at,
        message: `${layer.type} makes what is not finite of finite inputs and weights: ${what}${inputAt(layer, made, broken.element, blobs)}`,
        ...(hint !== undefined && { hint }),
      };
    }
  }
  return undefined;
}

/** What the layer made it of, where it works element by element. */
function inputAt(layer: GraphLayer, made: BlobData, element: number, blobs: ReadonlyMap<string, BlobData>): string {
  const [bottom] = layer.bottoms;
  const read = bottom && blobs.get(bottom.id);
  const isKnown = layerTypeOf(layer.type)?.notFiniteHint !== undefined && read?.data.length === made.data.length;
  return isKnown ? `; its input '${bottom!.name}' there is ${read.data[element]}` : '';
}
