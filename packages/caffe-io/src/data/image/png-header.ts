import { ImageError } from './image-error.ts';

/** What a PNG says of itself before its pixels. */
export interface PngHeader {
  readonly bitDepth: number;
  readonly isGray: boolean;
  readonly hasAlpha: boolean;
  /** By an alpha channel or a transparent colour. */
  readonly isTransparent: boolean;
  /** Such as 0.45455; absent where the file does not say. */
  readonly gamma?: number;
}

const HAS_COLOR = 2;
const HAS_ALPHA = 4;
/** What an sRGB chunk means by the specification. */
const SRGB_GAMMA = 0.45455;
/** libpng takes a gamma this near to 1 for none. */
const INSIGNIFICANT = 0.05;

/** @throws ImageError where the header is cut off */
export function pngHeader(bytes: Uint8Array): PngHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33) throw new ImageError('is a PNG that is cut off');
  const colorType = bytes[25]!;
  let gamma: number | undefined;
  let isTransparent = (colorType & HAS_ALPHA) !== 0;
  let isSrgb = false;
  for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at)) {
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1');
    if (type === 'IDAT' || type === 'IEND') break;
    if (type === 'tRNS') isTransparent = true;
    if (type === 'sRGB') isSrgb = true;
    if (type === 'gAMA') gamma = view.getUint32(at + 8) / 100000;
  }
  if (isSrgb) gamma = SRGB_GAMMA;
  return {
    bitDepth: bytes[24]!,
    isGray: (colorType & HAS_COLOR) === 0,
    hasAlpha: (colorType & HAS_ALPHA) !== 0,
    isTransparent,
    ...(gamma && Math.abs(gamma - 1) >= INSIGNIFICANT && { gamma }),
  };
}
