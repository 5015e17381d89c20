import { ImageError } from './image-error.ts';

/** How the components of a JPEG become colours, by the rules of libjpeg (jdapimin.c, default_decompress_parms). */
export type JpegColors = 'gray' | 'ycc' | 'rgb' | 'cmyk';

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP0 = 0xe0;
const APP14 = 0xee;

interface Segment {
  readonly marker: number;
  /** Of the marker's first byte. */
  readonly start: number;
  readonly content: Uint8Array;
}

/** @throws ImageError where there is no frame header */
export function jpegColors(bytes: Uint8Array): JpegColors {
  const segments = headerSegments(bytes);
  const frame = segments.find(({ marker }) => isFrame(marker))?.content;
  const count = frame?.[5];
  if (frame === undefined || count === undefined) throw new ImageError('is a JPEG without a frame');
  if (count === 1) return 'gray';
  if (count === 4) return 'cmyk';
  if (count !== 3) throw new ImageError(`is a JPEG of ${count} components`);
  if (segments.some(isJfif)) return 'ycc';
  const adobe = segments.find(isAdobe)?.content;
  if (adobe !== undefined) return adobe[11] === 0 ? 'rgb' : 'ycc';
  return [6, 9, 12].map((at) => String.fromCharCode(frame[at] ?? 0)).join('') === 'RGB' ? 'rgb' : 'ycc';
}

/**
 * The same JPEG, said to be of the colours R, G, B: a decoder gives its Y, Cb, Cr as they are. libjpeg does so when it
 * decodes to grayscale, which is why OpenCV's gray of a JPEG is not computed from its colours.
 */
export function withoutColorConversion(bytes: Uint8Array): Uint8Array {
  const dropped = headerSegments(bytes).filter((segment) => isJfif(segment) || isAdobe(segment));
  const parts: Uint8Array[] = [bytes.subarray(0, 2), ADOBE_RGB];
  let from = 2;
  for (const { start, content } of dropped) {
    parts.push(bytes.subarray(from, start));
    from = start + 4 + content.length;
  }
  parts.push(bytes.subarray(from));
  return Buffer.concat(parts);
}

/**
 * The same JPEG without what libjpeg warns of though no pixel is lost by it, put as libjpeg takes it: decoding ends at the first
 * warning, and one of these would hide those that tell of damage.
 */
export function withoutHarmlessOddities(bytes: Uint8Array): Uint8Array {
  const segments = [...headerSegments(bytes), ...scanHeaders(bytes)];
  const isJfifFile = segments.some(isJfif);
  const frame = segments.find(({ marker }) => isFrame(marker));
  const changes: [at: number, byte: number][] = [];
  for (const segment of segments) {
    const { start, content, marker } = segment;
    const put = (at: number, byte: number) => {
      if (at < content.length && content[at] !== byte) changes.push([start + 4 + at, byte]);
    };
    // The major revision, of which there is one.
    if (isJfif(segment)) put(5, 1);
    // An unknown transformation is taken for that of Y, Cb, Cr, or Y, Cb, Cr, K.
    if (isAdobe(segment) && !isJfifFile) {
      const known = frame?.content[5] === 4 ? [0, 2] : [0, 1];
      if (!known.includes(content[11]!)) put(11, known[1]!);
    }
    // Of a scan that is not progressive: all coefficients at once.
    if (marker === SOS && frame && frame.marker <= 0xc1) {
      const parameters = 1 + 2 * content[0]!;
      [0, 63, 0].forEach((byte, i) => put(parameters + i, byte));
    }
  }
  if (changes.length === 0) return bytes;
  const copy = Buffer.from(bytes);
  for (const [at, byte] of changes) copy[at] = byte;
  return copy;
}

/** APP14 of Adobe: version 100, no flags, transform 0. */
const ADOBE_RGB = Uint8Array.of(0xff, APP14, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 0);

const startsWith = (content: Uint8Array, text: string) =>
  Buffer.from(content.subarray(0, text.length)).toString('latin1') === text;
const isJfif = ({ marker, content }: Segment) => marker === APP0 && startsWith(content, 'JFIF\0');
const isAdobe = ({ marker, content }: Segment) =>
  marker === APP14 && content.length >= 12 && startsWith(content, 'Adobe');

/** SOF0 to SOF15; of these numbers, three are other markers (DHT, JPG, DAC). */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** All segments before the first scan. */
function headerSegments(bytes: Uint8Array): Segment[] {
  const segments = segmentsFrom(bytes, 2);
  return segments.at(-1)?.marker === SOS ? segments.slice(0, -1) : segments;
}

/** The headers of all scans. */
function scanHeaders(bytes: Uint8Array): Segment[] {
  const scans: Segment[] = [];
  for (let at = 2; ;) {
    const last = segmentsFrom(bytes, at).at(-1);
    if (last?.marker !== SOS) return scans;
    scans.push(last);
    at = last.start + 4 + last.content.length;
  }
}

/** Segments up to the next scan, its header included. Where pixels come before, they are passed over as bytes between segments are. */
function segmentsFrom(bytes: Uint8Array, from: number): Segment[] {
  const segments: Segment[] = [];
  let at = from;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff || bytes[at + 1] === 0xff) {
      // Bytes between segments are skipped, as libjpeg does.
      at++;
      continue;
    }
    const marker = bytes[at + 1]!;
    if (marker === EOI && from > 2) break;
    if (marker === 0 || marker === SOI || (marker >= 0xd0 && marker <= 0xd7)) {
      at += 2;
      continue;
    }
    const length = bytes[at + 2]! * 256 + bytes[at + 3]!;
    segments.push({ marker, start: at, content: bytes.subarray(at + 4, at + 2 + length) });
    if (marker === SOS) break;
    at += 2 + length;
  }
  return segments;
}
