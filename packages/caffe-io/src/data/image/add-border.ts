import type { Image } from './image.ts';
import { toUint8 } from './opencv-round.ts';

/** What a border shows: a colour; the image, mirrored at its outermost pixels; these pixels over and over. */
export type BorderMode = 'CONSTANT' | 'MIRRORED' | 'REPEAT_NEAREST';

export interface Border {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
  readonly mode: BorderMode;
  /** Of a constant border, one a channel; 0 where there is none. */
  readonly values: readonly number[];
}

/** `cv::copyMakeBorder` for uint8 with BORDER_CONSTANT, BORDER_REFLECT_101 and BORDER_REPLICATE. */
export function addBorder(image: Image, { top, bottom, left, right, mode, values }: Border): Image {
  const { channels, pixels } = image;
  const [height, width] = [top + image.height + bottom, left + image.width + right];
  const colour = Uint8Array.from({ length: channels }, (_, c) => toUint8(values[c] ?? 0));
  const output = new Uint8Array(height * width * channels);
  for (let y = 0, to = 0; y < height; y++) {
    const row = PLACES[mode](y - top, image.height);
    for (let x = 0; x < width; x++) {
      const column = PLACES[mode](x - left, image.width);
      const isOutside = row === undefined || column === undefined;
      const from = isOutside ? 0 : (row * image.width + column) * channels;
      for (let c = 0; c < channels; c++) output[to++] = isOutside ? colour[c]! : pixels[from + c]!;
    }
  }
  return { channels, height, width, pixels: output };
}

/** Which of `length` pixels stands at a place, which may lie beyond them; `undefined`: none does. */
const PLACES: Readonly<Record<BorderMode, (place: number, length: number) => number | undefined>> = {
  CONSTANT: (place, length) => (place >= 0 && place < length ? place : undefined),
  REPEAT_NEAREST: (place, length) => Math.min(Math.max(place, 0), length - 1),
  MIRRORED: (place, length) => {
    const period = 2 * (length - 1);
    if (period === 0) return 0;
    const within = ((place % period) + period) % period;
    return within < length ? within : period - within;
  },
};
