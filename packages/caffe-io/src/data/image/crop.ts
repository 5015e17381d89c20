import type { Image } from './image.ts';

/** A part of an image. */
export function cropImage(image: Image, top: number, left: number, height: number, width: number): Image {
  const { channels, pixels } = image;
  const size = width * channels;
  const output = new Uint8Array(height * size);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * channels;
    output.set(pixels.subarray(from, from + size), y * size);
  }
  return { channels, height, width, pixels: output };
}
