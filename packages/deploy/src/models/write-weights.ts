import {
  type Blob,
  elementCount,
  type LayerParameter,
  type LayerToWrite,
  writeCaffemodel,
} from '@caffe-quant/caffe-io';
import { EditableNet, type NetSource } from '../net/editable-net.ts';

/** A blob of float32 numbers. */
export function floatBlob(shape: readonly number[], data: Float32Array): Blob {
  if (elementCount(shape) !== data.length) throw new Error(`[${shape.join(', ')}] got ${data.length} numbers`);
  return { shape: [...shape], data };
}

/** A blob of one of AMCT's integer fields: `int8_data`, `int32_data` or `uint64_data`. */
export function integerBlob(shape: readonly number[], data: Int8Array | Int32Array | BigUint64Array): Blob {
  if (elementCount(shape) !== data.length) throw new Error(`[${shape.join(', ')}] got ${data.length} numbers`);
  const blob = { shape: [...shape], data: new Float32Array(0) };
  if (data instanceof Int8Array) return { ...blob, int8: data };
  return data instanceof Int32Array ? { ...blob, int32: data } : { ...blob, uint64: data };
}

/**
 * The caffemodel of a prototxt: its layers in their order, each with the blobs that `blobsOf` gives. A layer that stands
 * there twice, once for each phase, is written once.
 */
export function weightsOf(source: NetSource, blobsOf: (layer: LayerParameter) => readonly Blob[]): Uint8Array {
  const { net } = EditableNet.openOwn(source, 'the prototxt of a caffemodel');
  const layers: LayerToWrite[] = [];
  const written = new Set<string>();
  for (const param of net.layer) {
    const name = param.name ?? '';
    const blobs = blobsOf(param);
    if (blobs.length > 0 && written.has(name)) continue;
    if (blobs.length > 0) written.add(name);
    layers.push({ name, type: param.type ?? '', blobs, param });
  }
  return writeCaffemodel({ name: net.name ?? '', layers });
}
