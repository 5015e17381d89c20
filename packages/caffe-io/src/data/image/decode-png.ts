import { checkPng } from './check-png.ts';
import type { ColorMode } from './color-mode.ts';
import { decodeRaw, mixChannels, pickChannels, swapRedAndBlue } from './decode-raw.ts';
import type { Image } from './image.ts';
import { ImageError } from './image-error.ts';
import { pngHeader } from './png-header.ts';

/**
 * A PNG as OpenCV decodes it (grfmt_png.cpp): transparency is dropped, or kept as a fourth channel where the file stays
 * unchanged; gray of a file with colours is libpng's.
 *
 * @throws ImageError where it is damaged, and (`unchanged`) of 16 bits a channel
 */
export async function decodePng(bytes: Uint8Array, mode: ColorMode): Promise<Image> {
  checkPng(bytes);
  const { isGray, hasAlpha, isTransparent, bitDepth, gamma } = pngHeader(bytes);
  if (mode === 'unchanged' && bitDepth === 16) {
    throw new ImageError('has 16 bits a channel; Caffe takes 8 (force_color and force_gray reduce them)');
  }
  const image = await decodeRaw(bytes);
  if (mode === 'gray') return isGray ? pickChannels(image, [0]) : mixChannels(image, libpngGray(gamma));
  if (mode === 'color') return swapRedAndBlue(image);
  if (isGray) return pickChannels(image, hasAlpha ? [2, 1, 0, 3] : [0]);
  return isTransparent ? pickChannels(image, [2, 1, 0, 3]) : swapRedAndBlue(image);
}

/** OpenCV asks for the weights 0.299 and 0.587; libpng has them in 15 bits. */
const [RED, GREEN, BLUE] = [9797, 19234, 3737];

/**
 * libpng's gray of R, G, B (png_do_rgb_to_gray of pngrtran.c): truncated; where the file gives its gamma, mixed in linear
 * light and rounded.
 *
 * @param gamma of the file, such as 0.45455
 */
function libpngGray(gamma: number | undefined): (r: number, g: number, b: number) => number {
  if (gamma === undefined) return (r, g, b) => (r === g && r === b ? r : (RED * r + GREEN * g + BLUE * b) >> 15);
  const linear = powers(1 / gamma);
  const back = powers(gamma);
  return (r, g, b) => {
    if (r === g && r === b) return r;
    return back[(RED * linear[r]! + GREEN * linear[g]! + BLUE * linear[b]! + 16384) >> 15]!;
  };
}

function powers(exponent: number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, i) => Math.floor(255 * (i / 255) ** exponent + 0.5));
}
