import type { Diagnostic } from 'caffe-prototxt-parser';
import type { ByteSource } from '../wire/byte-source.ts';
import { BYTES, fieldNumber, VARINT, type WireError, wireTypeIn } from '../wire/wire-format.ts';
import { WireReader } from '../wire/wire-reader.ts';
import { foreign } from './foreign-file.ts';

/** How far the reader of a caffemodel has come. */
export interface Place {
  layersRead: number;
  /** Name of the layer that it is in. */
  layer?: string;
  /** Number of the blob that it is in. */
  blob?: number;
}

/** NetParameter's fields that a caffemodel begins with: name, layer, layers. */
const FIRST_FIELDS: readonly number[] = [1, 100, 2];

/** What a caffemodel's broken bytes say to a user: the byte offset, the layer and the likely cause. */
export function explainBroken(error: WireError, place: Place, source: ByteSource): Diagnostic {
  const first = firstField(source);
  const begins = first !== undefined && first.wireType === BYTES && FIRST_FIELDS.includes(first.number);
  if (place.layersRead === 0 && !begins) return notProtobuf(source, `byte ${error.offset}: ${error.message}`);
  const isCutOff = place.layer === undefined && error.missing !== undefined;
  const layer = place.layer ?? nameOfLayerAt(source, error.offset);
  const inLayer = layer === undefined ? '' : `layer "${layer}"`;
  const named = layer === undefined ? {} : { layer };
  const sound = `the ${place.layersRead} layers before it are sound`;
  if (isCutOff) {
    return {
      code: 'truncated-caffemodel',
      severity: 'error',
      message: `the caffemodel ends at byte ${source.length}${inLayer && `, inside ${inLayer}`}; ${error.missing} bytes are missing there`,
      hint: `the copy or download was cut off: repeat it (${sound})`,
      ...named,
    };
  }
  const inBlob = place.blob === undefined ? '' : `blob ${place.blob} of `;
  return {
    code: 'broken-caffemodel',
    severity: 'error',
    message: `the caffemodel is broken at byte ${error.offset}${inLayer && `, in ${inBlob}${inLayer}`}: ${error.message}`,
    hint: `the file was altered or badly copied: copy or download it again (${sound})`,
    ...named,
  };
}

/** A file that is protobuf by chance, or another kind of Caffe's files. */
export function noLayers(source: ByteSource): Diagnostic {
  return notProtobuf(source, 'it holds no layers');
}

function notProtobuf(source: ByteSource, why: string): Diagnostic {
  const first = firstField(source);
  if (first?.number === 1 && first.wireType === VARINT) {
    const hint = 'it begins like a solver state (.solverstate) or a mean image (.binaryproto); give the .caffemodel';
    return foreign(`this is not a caffemodel (${why})`, hint);
  }
  return foreign(`this is not a caffemodel (${why})`, 'give the file that Caffe wrote as .caffemodel');
}

function firstField(source: ByteSource): { number: number; wireType: number } | undefined {
  try {
    const tag = new WireReader(source.peek(0, 10)).tag();
    return { number: fieldNumber(tag), wireType: wireTypeIn(tag) };
  } catch {
    return undefined;
  }
}

const NAME_SEARCH = 4096;

/** The name of the layer whose field in the net begins at `offset`, as far as it can be read. */
function nameOfLayerAt(source: ByteSource, offset: number): string | undefined {
  try {
    const reader = new WireReader(source.peek(offset, NAME_SEARCH), offset);
    const layerField = fieldNumber(reader.tag());
    reader.varint();
    const nameField = layerField === 100 ? 1 : 4;
    for (;;) {
      const tag = reader.tag();
      if (fieldNumber(tag) === nameField && wireTypeIn(tag) === BYTES) return reader.string();
      reader.skip(tag);
    }
  } catch {
    return undefined;
  }
}
