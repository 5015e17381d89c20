import type { Image } from './image.ts';

/** `cv::resize` with INTER_NEAREST (OpenCV, modules/imgproc/src/resize.cpp): the pixel at the place's upper left corner. */
export function resizeNearest({ channels, height, width, pixels }: Image, newHeight: number, newWidth: number): Image {
  const columns = places(width, newWidth);
  const rows = places(height, newHeight);
  const output = new Uint8Array(newHeight * newWidth * channels);
  let to = 0;
  for (const row of rows) {
    for (const column of columns) {
      const from = (row * width + column) * channels;
      for (let c = 0; c < channels; c++) output[to++] = pixels[from + c]!;
    }
  }
  return { channels, height: newHeight, width: newWidth, pixels: output };
}

function places(from: number, to: number): Int32Array {
  const scale = 1 / (to / from);
  return Int32Array.from({ length: to }, (_, i) => Math.min(Math.floor(i * scale), from - 1));
}
