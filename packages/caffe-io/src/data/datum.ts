import { caffeSchema } from '../caffe-schema.ts';
import type { Datum as DatumMessage } from '../generated/caffe.ts';
import { decodeMessage } from '../wire/decode-message.ts';
import { BYTES, FIXED32, WireError } from '../wire/wire-format.ts';
import type { WireReader } from '../wire/wire-reader.ts';

/**
 * One record of a Caffe data set (message Datum of `caffe.proto`): an image, channel by channel, and its label.
 * Pixels are uint8 `data`, or float32 where `data` is empty; both [channels, height, width].
 */
export interface Datum {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly label: number;
  /** A view of the record's bytes where it holds uint8 pixels. */
  readonly pixels: Uint8Array | Float32Array;
}

/** A record that holds an image as a file (JPEG, PNG), as `convert_imageset --encoded` makes it. */
export interface EncodedDatum {
  readonly label: number;
  /** A view of the record's bytes. */
  readonly encoded: Uint8Array;
}

/** What keeps a record from being a Datum that can be used; the caller knows which record it is. */
export class DatumError extends Error {
  readonly code: 'datum-malformed' | 'datum-encoded';

  constructor(code: DatumError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

const SCHEMA = caffeSchema('Datum');

/**
 * Decodes a Datum.
 *
 * @throws DatumError where the bytes are none, where the pixels do not fill [channels, height, width], or where the image
 *   is encoded
 */
export function decodeDatum(bytes: Uint8Array): Datum {
  const datum = parseDatum(bytes);
  if ('encoded' in datum) throw new DatumError('datum-encoded', 'holds an encoded image');
  return datum;
}

/**
 * Reads a Datum, whose image may be encoded.
 *
 * @throws DatumError where the bytes are none, or where the pixels do not fill [channels, height, width]
 */
export function parseDatum(bytes: Uint8Array): Datum | EncodedDatum {
  const floats = new FloatPixels(bytes.length);
  const { channels = 0, height = 0, width = 0, label = 0, data = NO_BYTES, encoded } = decode(bytes, floats);
  if (encoded === true) return { label, encoded: data };
  const pixels = data.length > 0 ? data : floats.values;
  if (!(channels > 0 && height > 0 && width > 0)) {
    throw new DatumError('datum-malformed', `has the shape [${channels}, ${height}, ${width}]`);
  }
  if (pixels.length !== channels * height * width) {
    throw new DatumError(
      'datum-malformed',
      `has ${pixels.length} pixel values, but its shape is [${channels}, ${height}, ${width}]`,
    );
  }
  return { channels, height, width, label, pixels };
}

const NO_BYTES = new Uint8Array(0);

function decode(bytes: Uint8Array, floats: FloatPixels): DatumMessage {
  try {
    const message = decodeMessage(bytes, SCHEMA, {
      replace: ({ name }, wireType, reader) => name === 'float_data' && floats.read(wireType, reader),
    });
    return message as unknown as DatumMessage;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new DatumError('datum-malformed', `is not a Datum message (byte ${error.offset}: ${error.message})`);
  }
}

/** Of one value of `float_data`, as Caffe writes them. */
const UNPACKED_TAG = 8 * SCHEMA.fields.get('float_data')!.number + FIXED32;

/** The values of `float_data`, in one copy however they are spread over the record. */
class FloatPixels {
  readonly #recordLength: number;
  #values = new Float32Array(0);
  #count = 0;

  constructor(recordLength: number) {
    this.#recordLength = recordLength;
  }

  get values(): Float32Array {
    return this.#values.subarray(0, this.#count);
  }

  /** Takes one value, or packed ones; false where the field is of another wire type. */
  read(wireType: number, reader: WireReader): boolean {
    if (wireType !== FIXED32 && wireType !== BYTES) return false;
    // A record has no more values than these.
    if (this.#count === 0) this.#values = new Float32Array(Math.floor(this.#recordLength / 4));
    if (wireType === FIXED32) {
      const values = this.#values;
      let count = this.#count;
      do values[count++] = reader.float();
      while (reader.takeTag(UNPACKED_TAG));
      this.#count = count;
      return true;
    }
    const packed = reader.bytes();
    if (packed.length % 4 !== 0) {
      const start = reader.position - packed.length;
      throw new WireError(`${packed.length} bytes are not a whole number of values`, start);
    }
    new Uint8Array(this.#values.buffer).set(packed, 4 * this.#count);
    this.#count += packed.length / 4;
    return true;
  }
}
