import type { MessageSchema } from 'caffe-prototxt-parser';
import type { Blob } from '../blob/blob.ts';
import { decodeBlob } from '../blob/decode-blob.ts';
import { caffeSchema } from '../caffe-schema.ts';
import { type ByteSource, sliceOf } from '../wire/byte-source.ts';
import { type RawField, scanFields } from '../wire/scan-fields.ts';
import { BYTES, WireError } from '../wire/wire-format.ts';
import type { Place } from './broken-caffemodel.ts';

/** A caffemodel with its blobs read, and everything else as bytes: how to read them depends on the dialect. */
export interface RawNet {
  /** The net's fields besides its layers. */
  rest: Uint8Array;
  layers: RawLayer[];
}

export interface RawLayer {
  /** Field of NetParameter that it is in: `layers` before 2015. */
  field: 'layer' | 'layers';
  blobs: Blob[];
  /** Its other fields, and their numbers. */
  rest: Uint8Array;
  numbers: ReadonlySet<number>;
  /** The layer of 2013 inside a layer of 2014. */
  inner?: RawLayer;
}

/** Far more than any real net has; they bound the memory that a small hostile file can take. */
const MAX_LAYERS = 100_000;
const MAX_BLOBS = 500_000;

/** Reads a caffemodel's blobs. `place` follows the reader, for its errors. Throws a `WireError`. */
export function scanCaffemodel(source: ByteSource, place: Place): RawNet {
  return new CaffemodelScanner(source, place).net();
}

class CaffemodelScanner {
  readonly #source: ByteSource;
  readonly #place: Place;
  #blobsRead = 0;

  constructor(source: ByteSource, place: Place) {
    this.#source = source;
    this.#place = place;
  }

  net(): RawNet {
    const schema = caffeSchema('NetParameter');
    const layers: RawLayer[] = [];
    const rest = new Ranges();
    for (const field of scanFields(this.#source, 0, this.#source.length)) {
      const name = field.number === schema.fields.get('layer')?.number ? 'layer' : 'layers';
      const layerField = schema.fields.get(name);
      if (layerField?.kind !== 'message' || layerField.number !== field.number || field.wireType !== BYTES) {
        rest.add(field);
        continue;
      }
      if (layers.length === MAX_LAYERS) throw new WireError('more layers than any net has', field.start);
      layers.push(this.#layer(field, name, layerField.message));
      this.#place.layersRead++;
      delete this.#place.layer;
    }
    return { rest: rest.join(this.#source), layers };
  }

  #layer({ valueStart, end }: RawField, field: RawLayer['field'], schema: MessageSchema): RawLayer {
    const blobs: Blob[] = [];
    const numbers = new Set<number>();
    const rest = new Ranges();
    const inner = schema.fields.get('layer');
    let v0: RawLayer | undefined;
    for (const part of scanFields(this.#source, valueStart, end)) {
      const isBytes = part.wireType === BYTES;
      if (isBytes && part.number === schema.fields.get('blobs')?.number) {
        blobs.push(this.#blob(part, blobs.length));
      } else if (isBytes && inner?.kind === 'message' && part.number === inner.number) {
        v0 = this.#layer(part, field, inner.message);
      } else {
        rest.add(part);
        numbers.add(part.number);
        if (isBytes && part.number === schema.fields.get('name')?.number) this.#place.layer = this.#string(part);
      }
    }
    const layer = { field, blobs, rest: rest.join(this.#source), numbers };
    return v0 === undefined ? layer : { ...layer, inner: v0 };
  }

  #blob({ start, valueStart, end }: RawField, index: number): Blob {
    if (this.#blobsRead++ === MAX_BLOBS) throw new WireError('more blobs than any net has', start);
    this.#place.blob = index;
    const blob = decodeBlob(this.#source, valueStart, end);
    delete this.#place.blob;
    return blob;
  }

  #string({ valueStart, end }: RawField): string {
    return new TextDecoder().decode(sliceOf(this.#source, valueStart, end));
  }
}

/** Parts of a file; what lies side by side is one. */
class Ranges {
  readonly #ranges: { start: number; end: number }[] = [];

  add({ start, end }: RawField): void {
    const last = this.#ranges.at(-1);
    if (last?.end === start) last.end = end;
    else this.#ranges.push({ start, end });
  }

  /** Their bytes, one after the other. */
  join(source: ByteSource): Uint8Array {
    const bytes = new Uint8Array(this.#ranges.reduce((sum, { start, end }) => sum + end - start, 0));
    let at = 0;
    for (const { start, end } of this.#ranges) {
      source.copyTo(bytes.subarray(at, at + end - start), start);
      at += end - start;
    }
    return bytes;
  }
}
