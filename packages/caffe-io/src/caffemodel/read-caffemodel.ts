import { type Diagnostic, DiagnosticsError, type MessageSchema } from 'caffe-prototxt-parser';
import { type Blob, elementCount } from '../blob/blob.ts';
import { decodeBlob } from '../blob/decode-blob.ts';
import { caffeSchema, createMessage } from '../caffe-schema.ts';
import type { NetParameter } from '../generated/caffe.ts';
import { upgradeNet } from '../upgrade/upgrade-net.ts';
import { type ByteSource, fileSource, memorySource } from '../wire/byte-source.ts';
import {
  decodeBudget,
  type DecodeBudget,
  decodeInto,
  emptyMessage,
  type MessageObject,
} from '../wire/decode-message.ts';
import { type RawField, scanFields } from '../wire/scan-fields.ts';
import { BYTES, WireError } from '../wire/wire-format.ts';
import type { Caffemodel, CaffemodelLayer } from './caffemodel.ts';
import { explainBroken, noLayers, type Place } from './broken-caffemodel.ts';
import { foreignFile } from './foreign-file.ts';

/**
 * Reads a caffemodel: a binary NetParameter of any year, brought to today's form. The blobs' numbers are views of `bytes`
 * where they lie aligned there, else copies. `file` is the name that errors show.
 *
 * @throws DiagnosticsError where the bytes are no caffemodel, or broken: with the byte offset, the layer and the likely cause
 */
export function readCaffemodel(bytes: Uint8Array, file: string): Caffemodel {
  return read(memorySource(bytes), file);
}

/**
 * Reads a caffemodel from disk: every number goes from the file into its array, so that it takes no more memory than
 * the numbers do. Works beyond 2 GiB, where the whole file would not fit one buffer.
 *
 * @throws DiagnosticsError as `readCaffemodel`, and where the file cannot be read
 */
export function readCaffemodelFile(path: string): Caffemodel {
  let source: ReturnType<typeof fileSource>;
  try {
    source = fileSource(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const message = code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code})`;
    throw new DiagnosticsError([{ code: 'unreadable-file', severity: 'error', message, file: path }]);
  }
  try {
    return read(source, path);
  } finally {
    source.close();
  }
}

function read(source: ByteSource, file: string): Caffemodel {
  const foreign = foreignFile(source);
  if (foreign !== undefined) throw new DiagnosticsError([{ ...foreign, file }]);
  const place: Place = { layersRead: 0 };
  try {
    const net = readNet(source, place);
    if (net.net.layer.length + net.net.layers.length === 0) throw new DiagnosticsError([{ ...noLayers(source), file }]);
    return toCaffemodel(net, file);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new DiagnosticsError([{ ...explainBroken(error, place, source), file }]);
  }
}

interface RawNet {
  net: NetParameter;
  /** By the layer that they belong to. */
  blobs: WeakMap<object, Blob[]>;
}

function readNet(source: ByteSource, place: Place): RawNet {
  const schema = caffeSchema('NetParameter');
  const layerNumbers = new Map(
    ['layer', 'layers'].map((name) => {
      const field = schema.fields.get(name);
      if (field?.kind !== 'message') throw new RangeError(`NetParameter has no message ${name}`);
      return [field.number, field] as const;
    }),
  );
  const net = createMessage('NetParameter');
  const blobs = new WeakMap<object, Blob[]>();
  const budget = decodeBudget();
  const fields = scanFields(source, 0, source.length);
  for (;;) {
    delete place.layer;
    delete place.blob;
    const next = fields.next();
    if (next.done === true) return { net, blobs };
    const field = next.value;
    const layerField = field.wireType === BYTES ? layerNumbers.get(field.number) : undefined;
    if (layerField === undefined) {
      decodeInto(
        net as unknown as MessageObject,
        schema,
        source.peek(field.start, field.end - field.start),
        field.start,
      );
    } else {
      const layer = readLayer(source, field, layerField.message, blobs, budget, place);
      (net[layerField.name as 'layer' | 'layers'] as object[]).push(layer);
      place.layersRead++;
    }
  }
}

/** A layer of any year; its blobs, and those of a V0 layer inside, are kept apart from its other fields. */
function readLayer(
  source: ByteSource,
  { valueStart, end }: RawField,
  schema: MessageSchema,
  blobs: WeakMap<object, Blob[]>,
  budget: DecodeBudget,
  place: Place,
): MessageObject {
  if (budget.messages-- === 0) throw new WireError('more layers than any net has', valueStart);
  const layer = emptyMessage(schema);
  const own: Blob[] = [];
  const blobsNumber = schema.fields.get('blobs')?.number;
  const inner = schema.fields.get('layer');
  for (const field of scanFields(source, valueStart, end)) {
    if (field.number === blobsNumber && field.wireType === BYTES) {
      place.blob = own.length;
      own.push(decodeBlob(source, field.valueStart, field.end));
      delete place.blob;
    } else if (inner?.kind === 'message' && field.number === inner.number && field.wireType === BYTES) {
      const v0 = readLayer(source, field, inner.message, blobs, budget, place);
      layer[inner.name] = v0;
      own.push(...(blobs.get(v0) ?? []));
    } else {
      decodeInto(layer, schema, source.peek(field.start, field.end - field.start), field.start, budget);
      if (typeof layer['name'] === 'string') place.layer = layer['name'];
    }
  }
  blobs.set(layer, own);
  return layer;
}

function toCaffemodel({ net: raw, blobs }: RawNet, file: string): Caffemodel {
  const { net, log } = upgradeNet(raw);
  const layers = net.layer.map((param): CaffemodelLayer => {
    const { name = '', type = '' } = param;
    return { name, type, blobs: blobs.get(log.originOf(param).message) ?? [], param };
  });
  const diagnostics = layers.flatMap((layer) => checkSizes(layer, file));
  return { name: net.name ?? '', layers, net: { ...net, layer: [] }, diagnostics };
}

/** Each of a blob's arrays should have as many numbers as its shape; some forks add numbers of their own. */
function checkSizes({ name, blobs }: CaffemodelLayer, file: string): Diagnostic[] {
  return blobs.flatMap(({ shape, data, int8, int32, uint64 }, index) => {
    const wrong = [data, int8, int32, uint64].find(
      (numbers) => numbers !== undefined && numbers.length > 0 && numbers.length !== elementCount(shape),
    );
    if (wrong === undefined) return [];
    const message = `blob ${index} of layer "${name}" has ${wrong.length} numbers, its shape [${shape.join(', ')}] takes ${elementCount(shape)}`;
    return [{ code: 'blob-size', severity: 'warning', message, file, layer: name }];
  });
}
