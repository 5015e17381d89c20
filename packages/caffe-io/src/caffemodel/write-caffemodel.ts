import { closeSync, openSync, renameSync, rmSync, writevSync } from 'node:fs';
import type { FieldSchema } from 'caffe-prototxt-parser';
import type { Blob } from '../blob/blob.ts';
import { writeBlob } from '../blob/encode-blob.ts';
import { createMessage } from '../caffe-schema.ts';
import { type Dialect, dialectSchema } from '../dialects/dialect-schema.ts';
import type { LayerParameter, NetParameter } from '../generated/caffe.ts';
import { encodeMessage, writeMessage } from '../wire/encode-message.ts';
import type { WireWriter } from '../wire/wire-writer.ts';

/** What is written: a `Caffemodel`, or as little of one as there is. */
export interface CaffemodelToWrite {
  name?: string;
  layers: readonly LayerToWrite[];
  /** Fields of the net besides its name and layers. */
  net?: NetParameter;
  /** Whose field numbers to write; default: AMCT's where one of its layers is there, else BVLC's. */
  dialect?: Dialect;
}

export interface LayerToWrite {
  name: string;
  type: string;
  blobs: readonly Blob[];
  /**
   * The rest of the layer's description: its name, type and blobs are taken from above. Fields that the dialect does not
   * have are left out, and so is a whole message that holds an enum value which it does not have.
   */
  param?: LayerParameter;
}

/**
 * A caffemodel as a list of chunks to be written one after the other. The numbers of the blobs are views of their
 * arrays: they are not copied, and must not change until they are written. Equal models give equal bytes.
 */
export function caffemodelChunks(model: CaffemodelToWrite): readonly Uint8Array[] {
  return encodeNet(model).chunks();
}

/** A caffemodel as the bytes of its file. */
export function writeCaffemodel(model: CaffemodelToWrite): Uint8Array {
  return encodeNet(model).bytes();
}

function encodeNet(model: CaffemodelToWrite): WireWriter {
  const net = model.net ?? createMessage('NetParameter');
  const name = model.name === undefined || model.name === '' ? net.name : model.name;
  const dialect = model.dialect ?? (model.layers.some(({ type }) => AMCT_LAYERS.has(type)) ? 'amct' : 'bvlc');
  const schema = dialectSchema(dialect, 'NetParameter');
  const writeLayers = (field: FieldSchema, writer: WireWriter): boolean => {
    if (field.name !== 'layer') return false;
    for (const layer of model.layers) {
      writer.messageField(field.number, () => writeLayer(writer, layer, dialect));
    }
    return true;
  };
  return encodeMessage({ ...net, name, layers: [] }, schema, writeLayers);
}

/** Types of the layers that AMCT inserts. */
const AMCT_LAYERS: ReadonlySet<string> = new Set(['ActivationQAT', 'WeightQAT', 'Quant', 'DeQuant', 'IFMR', 'SearchN']);

function writeLayer(writer: WireWriter, { name, type, blobs, param }: LayerToWrite, dialect: Dialect): void {
  const layer = { ...(param ?? createMessage('LayerParameter')), name, type: type === '' ? param?.type : type };
  writeMessage(writer, layer, dialectSchema(dialect, 'LayerParameter'), (field) => {
    // Half of a description would say something else: a Pooling layer without its fork's method would be a MAX pooling.
    if (field.name !== 'blobs') return !hasEnumValues(layer, field);
    for (const blob of blobs) writer.messageField(field.number, () => writeBlob(writer, blob));
    return true;
  });
}

/** Whether the schema has every enum value of a field, those of the messages in it included. */
function hasEnumValues(message: object, field: FieldSchema): boolean {
  const value = (message as Readonly<Record<string, unknown>>)[field.name];
  const list: readonly unknown[] = value === undefined ? [] : Array.isArray(value) ? value : [value];
  if (field.kind === 'enum') return list.every((name) => field.enum.values.has(name as string));
  if (field.kind !== 'message') return true;
  const fields = [...field.message.fields.values()];
  return list.every((child) => fields.every((each) => hasEnumValues(child as object, each)));
}

/** What one system call is given: Node's own cannot count to 2 GiB. */
const BATCH_CHUNKS = 256;
const BATCH_BYTES = 2 ** 30;

/**
 * Writes a caffemodel to disk without holding its bytes a second time. The file appears when it is complete: it is
 * written beside its place under `<path>.partial` and renamed. Throws the system's errors.
 */
export function writeCaffemodelFile(path: string, model: CaffemodelToWrite): void {
  const chunks = caffemodelChunks(model);
  const partial = `${path}.partial`;
  try {
    const file = openSync(partial, 'w');
    try {
      for (const batch of batches(chunks)) writeAll(file, batch);
    } finally {
      closeSync(file);
    }
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

function* batches(chunks: readonly Uint8Array[]): Generator<Uint8Array[]> {
  let batch: Uint8Array[] = [];
  let bytes = 0;
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += BATCH_BYTES) {
      const part = chunk.subarray(at, at + BATCH_BYTES);
      if (batch.length === BATCH_CHUNKS || bytes + part.length > BATCH_BYTES) {
        yield batch;
        [batch, bytes] = [[], 0];
      }
      batch.push(part);
      bytes += part.length;
    }
  }
  yield batch;
}

/** A system call may write less than it is given. */
function writeAll(file: number, chunks: readonly Uint8Array[]): void {
  let rest = [...chunks];
  while (rest.length > 0) {
    let written = writevSync(file, rest);
    while (rest[0] !== undefined && written >= rest[0].length) {
      written -= rest[0].length;
      rest = rest.slice(1);
    }
    if (rest[0] !== undefined && written > 0) rest[0] = rest[0].subarray(written);
  }
}
