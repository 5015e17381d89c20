import type { ColorMode } from './color-mode.ts';
import { decodeRaw, mixChannels, pickChannels, swapRedAndBlue } from './decode-raw.ts';
import type { Image } from './image.ts';
import { jpegColors, withoutColorConversion, withoutHarmlessOddities } from './jpeg-header.ts';
import { opencvGray } from './opencv-gray.ts';

/**
 * A JPEG as OpenCV decodes it (grfmt_jpeg.cpp). Its colours are those of libjpeg, equal bit by bit; gray is the Y of the
 * file, not computed from colours; CMYK becomes colours by OpenCV's own rule.
 *
 * @throws ImageError where libjpeg tells of damage, be it an error or, as of a code that is in no table, a warning
 */
export async function decodeJpeg(file: Uint8Array, mode: ColorMode): Promise<Image> {
  const bytes = withoutHarmlessOddities(file);
  switch (jpegColors(bytes)) {
    case 'gray':
      return pickChannels(await decodeRaw(bytes, { harmless: HARMLESS }), mode === 'color' ? [0, 0, 0] : [0]);
    case 'ycc':
      if (mode === 'gray')
        return pickChannels(await decodeRaw(withoutColorConversion(bytes), { harmless: HARMLESS }), [0]);
      return swapRedAndBlue(await decodeRaw(bytes, { harmless: HARMLESS }));
    case 'rgb': {
      const image = await decodeRaw(bytes, { harmless: HARMLESS });
      return mode === 'gray' ? mixChannels(image, libjpegGray) : swapRedAndBlue(image);
    }
    case 'cmyk': {
      const image = cmykToBgr(await decodeRaw(bytes, { space: 'cmyk', harmless: HARMLESS }));
      return mode === 'gray' ? mixChannels(image, opencvGray) : image;
    }
  }
}

/**
 * Of bytes between the last pixel and the end of the image (0xd9), which stand in pictures of well-known data sets: all pixels are there.
 * It is the last warning that there can be.
 */
const HARMLESS = /extraneous bytes before marker 0xd9/i;

/** libjpeg's Y of R, G, B in 16 bits (jdcolext.c, rgb_gray_convert). */
function libjpegGray(r: number, g: number, b: number): number {
  return (19595 * r + 38470 * g + 7471 * b + 32768) >> 16;
}

/** OpenCV's icvCvt_CMYK2BGR (utils.cpp of imgcodecs), of the values as they stand in the file: libvips turns them over. */
function cmykToBgr({ height, width, pixels }: Image): Image {
  const output = new Uint8Array(height * width * 3);
  for (let from = 0, to = 0; to < output.length; from += 4, to += 3) {
    const k = pixels[from + 3]! ^ 255;
    for (let i = 0; i < 3; i++) output[to + 2 - i] = k - (((255 - (pixels[from + i]! ^ 255)) * k) >> 8);
  }
  return { channels: 3, height, width, pixels: output };
}
