import { describeNotFinite, findNotFinite } from '../blob/not-finite.ts';
import { dataError } from './data-error.ts';
import { readDataFile } from './read-data-file.ts';
import { FIXED32, FIXED64, LENGTH_DELIMITED, packedFloats, readFields, VARINT } from './protobuf-reader.ts';

/** A mean image, [channels, height, width]. */
export interface MeanImage {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array;
}

/**
 * Reads the file that a data layer's `mean_file` names: a BlobProto, as Caffe's `compute_image_mean` writes it.
 * The shape is read as `Blob::FromProto` (blob.cpp) does: the old fields num, channels, height, width where one
 * of them is present, else `shape`, whose axes count as those four from the left.
 *
 * @throws DiagnosticsError where the file is missing, is no BlobProto with as many values as its shape has, or holds a
 *   value that is not finite
 */
export function readMeanFile(file: string): MeanImage {
  const bytes = readDataFile(file, 'the mean image');
  let blob: MeanBlob;
  try {
    blob = parseBlob(bytes);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw dataError('mean-file', file, `the mean file is not a BlobProto message (${why})`);
  }
  const [num = 1, channels = 1, height = 1, width = 1] = blob.legacyShape ?? blob.shape;
  const axes = [num, channels, height, width];
  if (axes.some((size) => !(size > 0)) || num * channels * height * width !== blob.data.length) {
    const message = `the mean file has ${blob.data.length} values, but its shape is [${axes.join(', ')}]`;
    throw dataError('mean-file', file, message);
  }
  const data = blob.data.subarray(0, channels * height * width);
  const broken = findNotFinite(data);
  if (broken) {
    const place = describeNotFinite(broken, [channels, height, width]);
    throw dataError('not-finite', file, `of the mean image ${place}`, 'compute the mean image anew');
  }
  return { channels, height, width, data };
}

interface MeanBlob {
  legacyShape: number[] | undefined;
  shape: number[];
  data: Float32Array;
}

const SHAPE = 7;
const DATA = 5;
const DOUBLE_DATA = 8;

function parseBlob(bytes: Uint8Array): MeanBlob {
  const legacy: number[] = [0, 0, 0, 0];
  let hasLegacyShape = false;
  let shape: number[] = [];
  const parts: Float32Array[] = [];
  const doubles: number[] = [];
  readFields(bytes, (number, wireType, reader) => {
    if (number >= 1 && number <= 4 && wireType === VARINT) {
      legacy[number - 1] = reader.int32();
      hasLegacyShape = true;
    } else if (number === SHAPE && wireType === LENGTH_DELIMITED) shape = parseShape(reader.bytes());
    else if (number === DATA && wireType === LENGTH_DELIMITED) parts.push(packedFloats(reader.bytes()));
    else if (number === DATA && wireType === FIXED32) parts.push(Float32Array.of(reader.float()));
    else if (number === DOUBLE_DATA && wireType === LENGTH_DELIMITED) {
      for (const end = reader.uint32() + reader.pos; reader.pos < end;) doubles.push(reader.double());
    } else if (number === DOUBLE_DATA && wireType === FIXED64) doubles.push(reader.double());
    else return false;
    return true;
  });
  return {
    legacyShape: hasLegacyShape ? legacy : undefined,
    shape,
    data: doubles.length > 0 ? new Float32Array(doubles) : concat(parts),
  };
}

/** Message BlobShape: `dim`, packed or not. */
function parseShape(bytes: Uint8Array): number[] {
  const shape: number[] = [];
  readFields(bytes, (number, wireType, reader) => {
    if (number !== 1) return false;
    if (wireType === VARINT) shape.push(Number(reader.int64()));
    else if (wireType === LENGTH_DELIMITED) {
      for (const end = reader.uint32() + reader.pos; reader.pos < end;) shape.push(Number(reader.int64()));
    } else return false;
    return true;
  });
  return shape;
}

function concat(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
