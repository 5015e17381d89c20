import type { ByteSource } from './byte-source.ts';
import { BYTES, fieldNumber, FIXED32, FIXED64, VARINT, WireError, wireTypeIn } from './wire-format.ts';
import { WireReader } from './wire-reader.ts';

/** One field of a message as it lies in the file: offsets from the start of the file. */
export interface RawField {
  number: number;
  wireType: number;
  /** Of the tag. */
  start: number;
  /** Of the value, after a length if there is one. */
  valueStart: number;
  /** After the value. */
  end: number;
}

/** Ten bytes of tag and ten of length or value. */
const HEAD = 20;

/**
 * The fields of the message in [start, end), without reading their values. Throws a `WireError` where the bytes are no
 * protobuf or a value reaches beyond the message.
 */
export function* scanFields(source: ByteSource, start: number, end: number): Generator<RawField> {
  let at = start;
  while (at < end) {
    const field = scanField(source, at, end);
    yield field;
    at = field.end;
  }
}

function scanField(source: ByteSource, start: number, end: number): RawField {
  const head = new WireReader(source.peek(start, Math.min(HEAD, end - start)), start);
  const tag = head.tag();
  const [number, wireType] = [fieldNumber(tag), wireTypeIn(tag)];
  const valueStart = head.position;
  if (wireType === VARINT) {
    head.varint();
    return { number, wireType, start, valueStart, end: head.position };
  }
  if (wireType === BYTES) {
    const length = head.varint();
    const bodyStart = head.position;
    const missing = length - (end - bodyStart);
    if (missing > 0) {
      throw new WireError(`field ${number} announces ${length} bytes, ${end - bodyStart} are there`, start, missing);
    }
    return { number, wireType, start, valueStart: bodyStart, end: bodyStart + length };
  }
  if (wireType === FIXED32 || wireType === FIXED64) {
    const valueEnd = valueStart + (wireType === FIXED32 ? 4 : 8);
    if (valueEnd > end) throw new WireError(`field ${number} ends inside its value`, start);
    return { number, wireType, start, valueStart, end: valueEnd };
  }
  const group = new WireReader(source.peek(valueStart, end - valueStart), valueStart);
  group.skip(tag);
  return { number, wireType, start, valueStart, end: group.position };
}
