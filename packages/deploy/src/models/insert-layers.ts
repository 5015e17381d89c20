import { createMessage, type LayerParameter } from '@caffe-quant/caffe-io';
import type { EditableLayer, EditableNet } from '../net/editable-net.ts';
import type { QuantizedLayer } from '../quantized/quantized-layer.ts';

/** A new layer in the phases of another one. */
export function layerBeside(beside: LayerParameter, fields: Partial<LayerParameter>): LayerParameter {
  return createMessage('LayerParameter', { ...fields, include: beside.include, exclude: beside.exclude });
}

/** Where a data quantizer is inserted: before the first of its layers. */
export function isFirstOf({ name, data }: QuantizedLayer): boolean {
  return data.layers[0] === name;
}

/** The layers that a data quantizer serves, as AMCT's `object_layer` names them. */
export const objectLayer = ({ data }: QuantizedLayer): string => data.layers.join('-');

/**
 * Puts Quant before and DeQuant behind every quantized layer, as AMCT's fake-quant and deploy models have them. Layers
 * with one quantizer share one Quant layer. Blobs that other layers read keep their names: the quantized layer itself
 * gets another top.
 */
export function insertQuantAndDequant(net: EditableNet, layers: readonly QuantizedLayer[]): InsertedNames {
  const inserted = new Map<string, { quant: string; dequant: string }>();
  const quantized = new Map(layers.map((layer) => [layer.name, layer]));
  const quants = new Map<string, { name: string; blob: string }>();
  for (const layer of net.layers) {
    const found = quantized.get(layer.param.name ?? '');
    if (!found) continue;
    const { quantizer } = found.data;
    if (isFirstOf(found)) quants.set(quantizer, insertQuant(net, layer, found));
    const quant = quants.get(quantizer);
    if (!quant) throw new Error(`layer '${found.name}' stands before the first of its quantizer's layers`);
    net.rename(layer, 'bottom', 0, quant.blob);
    inserted.set(found.name, { quant: quant.name, dequant: insertDequant(net, layer, found) });
  }
  return inserted;
}

/** Names of the Quant and the DeQuant layer of each quantized layer. */
export type InsertedNames = ReadonlyMap<string, { quant: string; dequant: string }>;

function insertQuant(
  net: EditableNet,
  layer: EditableLayer,
  quantized: QuantizedLayer,
): { name: string; blob: string } {
  const { grid } = quantized.data;
  const name = net.insertedName('layer', `${quantized.name}_quant`);
  const blob = net.insertedName('blob', `${quantized.name}_quant`);
  net.insertBefore(
    layer,
    layerBeside(layer.param, {
      name,
      type: 'Quant',
      bottom: [layer.param.bottom[0]!],
      top: [blob],
      quant_param: createMessage('QuantParameter', {
        with_offset: true,
        // AMCT's layer divides one by this number again, in float32.
        scale: Math.fround(1 / grid.scale),
        offset: Uint8Array.of(grid.zeroPoint & 255),
        object_layer: objectLayer(quantized),
      }),
    }),
  );
  return { name, blob };
}

function insertDequant(net: EditableNet, layer: EditableLayer, quantized: QuantizedLayer): string {
  const name = net.insertedName('layer', `${quantized.name}_dequant`);
  const top = layer.param.top[0]!;
  const blob = net.insertedName('blob', `${quantized.name}_quantized`);
  net.rename(layer, 'top', 0, blob);
  net.insertAfter(
    layer,
    layerBeside(layer.param, {
      name,
      type: 'DeQuant',
      bottom: [blob],
      top: [top],
      dequant_param: createMessage('DeQuantParameter', {
        channel_wise: quantized.deqscale.length > 1,
        object_layer: quantized.name,
        layer_type: quantized.type,
      }),
    }),
  );
  return name;
}
