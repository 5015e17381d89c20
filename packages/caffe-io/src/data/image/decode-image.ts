import type { ColorMode } from './color-mode.ts';
import { decodeBmp } from './decode-bmp.ts';
import { decodeJpeg } from './decode-jpeg.ts';
import { decodePng } from './decode-png.ts';
import type { Image } from './image.ts';
import { ImageError } from './image-error.ts';

/**
 * Decodes a JPEG, a PNG or a BMP to the pixels that OpenCV's `imdecode` gives (modules/imgcodecs), 8 bits a channel. An
 * orientation in EXIF is not applied: the OpenCV of Caffe's years (2.4) did not, later ones do.
 *
 * @throws ImageError where the bytes are none of these, broken, cut off, or (`unchanged`) of 16 bits a channel
 */
export async function decodeImage(bytes: Uint8Array, mode: ColorMode): Promise<Image> {
  const format = FORMATS.find(({ magic }) => magic.every((byte, i) => bytes[i] === byte));
  if (format !== undefined) return format.decode(bytes, mode);
  if (bytes.length === 0) throw new ImageError('is empty');
  throw new ImageError('is not a JPEG, PNG or BMP; other formats are not supported');
}

const FORMATS: readonly {
  readonly magic: readonly number[];
  readonly decode: (bytes: Uint8Array, mode: ColorMode) => Image | Promise<Image>;
}[] = [
  { magic: [0xff, 0xd8, 0xff], decode: decodeJpeg },
  { magic: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], decode: decodePng },
  { magic: [0x42, 0x4d], decode: decodeBmp },
];
