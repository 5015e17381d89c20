import type { Image } from './image.ts';
import { ImageError } from './image-error.ts';
import { loadSharp } from './load-sharp.ts';

export interface RawOptions {
  readonly space?: 'srgb' | 'cmyk';
  /** What the decoder may warn of; absent: of anything. */
  readonly harmless?: RegExp;
}

/**
 * Decodes a file with libvips to 8 bits a channel, in the file's own order of channels: R, G, B and perhaps alpha, or
 * the inks. Nothing is applied to the pixels: no colour profile, no orientation.
 *
 * @throws ImageError where the file is broken or cut off
 */
export async function decodeRaw(bytes: Uint8Array, { space = 'srgb', harmless }: RawOptions = {}): Promise<Image> {
  if (harmless === undefined) return decode(bytes, space, 'error');
  try {
    return await decode(bytes, space, 'warning');
  } catch (error) {
    // Decoding ends at the first warning.
    if (error instanceof ImageError && harmless.test(error.message)) return decode(bytes, space, 'error');
    throw error;
  }
}

async function decode(bytes: Uint8Array, space: 'srgb' | 'cmyk', failOn: 'error' | 'warning'): Promise<Image> {
  const sharp = await loadSharp();
  try {
    const image = sharp(bytes, { ignoreIcc: true, failOn, limitInputPixels: MOST_PIXELS });
    if (space === 'cmyk') image.pipelineColourspace('cmyk');
    const { data, info } = await image.toColourspace(space).raw().toBuffer({ resolveWithObject: true });
    return { channels: info.channels, height: info.height, width: info.width, pixels: data };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ImageError(`cannot be decoded: ${why.trim().split('\n')[0]}`);
  }
}

/** OpenCV's CV_IO_MAX_IMAGE_PIXELS. */
const MOST_PIXELS = 2 ** 30;

/**
 * Some channels of an image, in the order given; a channel may come more than once.
 */
export function pickChannels({ channels, height, width, pixels }: Image, picked: readonly number[]): Image {
  const count = picked.length;
  const output = new Uint8Array(height * width * count);
  picked.forEach((channel, at) => {
    for (let from = channel, to = at; to < output.length; from += channels, to += count) output[to] = pixels[from]!;
  });
  return { channels: count, height, width, pixels: output };
}

/** Three channels in the opposite order; in place where there are no others. */
export function swapRedAndBlue(image: Image): Image {
  const { channels, pixels } = image;
  if (channels !== 3) return pickChannels(image, [2, 1, 0]);
  for (let i = 0; i + 2 < pixels.length; i += 3) {
    const red = pixels[i]!;
    pixels[i] = pixels[i + 2]!;
    pixels[i + 2] = red;
  }
  return image;
}

/** One value of each pixel's first three channels. */
export function mixChannels(image: Image, mix: (first: number, second: number, third: number) => number): Image {
  const { channels, height, width, pixels } = image;
  const output = new Uint8Array(height * width);
  for (let from = 0, to = 0; to < output.length; from += channels, to++) {
    output[to] = mix(pixels[from]!, pixels[from + 1]!, pixels[from + 2]!);
  }
  return { channels: 1, height, width, pixels: output };
}
