import { FIXED32, LENGTH_DELIMITED, packedFloats, readFields, VARINT } from './protobuf-reader.ts';
import type { ProtobufReader } from './protobuf-reader.ts';

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

const CHANNELS = 1;
const HEIGHT = 2;
const WIDTH = 3;
const DATA = 4;
const LABEL = 5;
const FLOAT_DATA = 6;
const ENCODED = 7;

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
  const raw = parse(bytes);
  if (raw.encoded) return { label: raw.label, encoded: raw.data };
  const { channels, height, width, label } = raw;
  const pixels = raw.data.length > 0 ? raw.data : raw.floats;
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

interface RawDatum {
  channels: number;
  height: number;
  width: number;
  label: number;
  encoded: boolean;
  data: Uint8Array;
  floats: Float32Array;
}

function parse(bytes: Uint8Array): RawDatum {
  const raw: RawDatum = {
    channels: 0,
    height: 0,
    width: 0,
    label: 0,
    encoded: false,
    data: NO_BYTES,
    floats: NO_FLOATS,
  };
  // One allocation for all of float_data: no more values than these can follow.
  let floats: Float32Array | undefined;
  let count = 0;
  const append = (values: ArrayLike<number>) => {
    floats ??= new Float32Array(Math.ceil(bytes.length / 4));
    floats.set(values, count);
    count += values.length;
  };
  const field = (number: number, wireType: number, reader: ProtobufReader): boolean => {
    if (number === FLOAT_DATA && wireType === FIXED32) {
      floats ??= new Float32Array(Math.ceil(bytes.length / 4));
      floats[count++] = reader.float();
    } else if (number === FLOAT_DATA && wireType === LENGTH_DELIMITED) append(packedFloats(reader.bytes()));
    else if (number === DATA && wireType === LENGTH_DELIMITED) raw.data = reader.bytes();
    else if (wireType !== VARINT) return false;
    else if (number === CHANNELS) raw.channels = reader.int32();
    else if (number === HEIGHT) raw.height = reader.int32();
    else if (number === WIDTH) raw.width = reader.int32();
    else if (number === LABEL) raw.label = reader.int32();
    else if (number === ENCODED) raw.encoded = reader.bool();
    else return false;
    return true;
  };
  try {
    readFields(bytes, field);
  } catch (error) {
    throw new DatumError(
      'datum-malformed',
      `is not a Datum message (${error instanceof Error ? error.message : String(error)})`,
    );
  }
  if (floats !== undefined) raw.floats = floats.subarray(0, count);
  return raw;
}

const NO_BYTES = new Uint8Array(0);
const NO_FLOATS = new Float32Array(0);
