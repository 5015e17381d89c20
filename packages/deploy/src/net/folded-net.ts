import { type BatchNormFold, layersOfFold } from '@caffe-quant/kernels/layer-types';
import { EditableNet, type NetSource } from './editable-net.ts';

/**
 * The inference net without the layers that are folded: each quantized layer has biases now and makes the blob that the
 * last of its folded layers made, so that the layers behind read what they read before. All else stays byte for byte.
 */
export function foldedNet(inference: NetSource, folds: ReadonlyMap<string, BatchNormFold>): NetSource {
  if (folds.size === 0) return inference;
  const net = EditableNet.openOwn(inference, 'the inference net');
  const gone = new Set([...folds.values()].flatMap(layersOfFold).map(({ name }) => name));
  for (const layer of net.layers) {
    const { name = '', top } = layer.param;
    const last = folds.get(name) && layersOfFold(folds.get(name)!).at(-1)!.tops[0]!.name;
    if (last !== undefined) {
      net.addBias(layer);
      if (last !== top[0]) net.rename(layer, 'top', 0, last);
    } else if (gone.has(name)) {
      net.remove(layer);
    }
  }
  return { text: net.text(), file: inference.file };
}
