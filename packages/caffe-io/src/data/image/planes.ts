import type { Image } from './image.ts';

/** An image as Caffe's blobs hold it: channel by channel, [channels, height, width]. */
export interface Planes {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly pixels: Uint8Array;
}

export function planes({ channels, height, width, pixels }: Image): Planes {
  if (channels === 1) return { channels, height, width, pixels };
  const size = height * width;
  const output = new Uint8Array(channels * size);
  for (let c = 0; c < channels; c++) {
    for (let from = c, to = c * size; to < (c + 1) * size; from += channels, to++) output[to] = pixels[from]!;
  }
  return { channels, height, width, pixels: output };
}

/** The same pixels as OpenCV holds them. */
export function interleaved({ channels, height, width, pixels }: Planes): Image {
  if (channels === 1) return { channels, height, width, pixels };
  const size = height * width;
  const output = new Uint8Array(channels * size);
  for (let c = 0; c < channels; c++) {
    for (let from = c * size, to = c; from < (c + 1) * size; from++, to += channels) output[to] = pixels[from]!;
  }
  return { channels, height, width, pixels: output };
}
