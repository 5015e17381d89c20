import type { Image } from './image.ts';
import { roundHalfToEven } from './opencv-round.ts';

/**
 * `cv::resize` with INTER_LINEAR for uint8 (OpenCV, modules/imgproc/src/resize.cpp), bit by bit: coefficients of 11 bits,
 * first along the rows into int32, then across them, `(((b0 * (s0 >> 4)) >> 16) + ((b1 * (s1 >> 4)) >> 16) + 2) >> 2`.
 * At the left and right border the outermost pixel counts alone; at the top and bottom the outermost row counts twice.
 *
 * @param positionOf where a place of the output lies in the input
 */
export function resizeLinear(image: Image, height: number, width: number, positionOf: Position = centred): Image {
  const { channels, pixels } = image;
  const columns = taps(image.width, width, positionOf, true);
  const rows = taps(image.height, height, positionOf, false);
  const size = width * channels;
  const output = new Uint8Array(height * size);
  const lastRow = image.height - 1;
  // The two rows in use, each with the number of the row it came from.
  let upper = { row: -1, values: new Int32Array(size) };
  let lower = { row: -1, values: new Int32Array(size) };
  const fill = (line: { row: number; values: Int32Array }, row: number) => {
    if (line.row === row) return;
    line.row = row;
    resizeRow(
      pixels.subarray(row * image.width * channels, (row + 1) * image.width * channels),
      channels,
      columns,
      line,
    );
  };
  for (let y = 0; y < height; y++) {
    const row = rows.first[y]!;
    const [first, second] = [clamp(row, lastRow), clamp(row + 1, lastRow)];
    if (lower.row === first) [upper, lower] = [lower, upper];
    fill(upper, first);
    fill(lower, second);
    const b0 = rows.weights[2 * y]!;
    const b1 = rows.weights[2 * y + 1]!;
    const s0 = upper.values;
    const s1 = lower.values;
    for (let i = 0, to = y * size; i < size; i++, to++) {
      output[to] = (((b0 * (s0[i]! >> 4)) >> 16) + ((b1 * (s1[i]! >> 4)) >> 16) + 2) >> 2;
    }
  }
  return { channels, height, width, pixels: output };
}

/**
 * Where place `i` of an output of `to` pixels lies in an input of `from`: the pixel before it, and its share of the way to
 * the next one, float32.
 */
export type Position = (i: number, from: number, to: number) => readonly [place: number, share: number];

/** Pixels are squares, and their values those of the middle. As OpenCV derives it, rounding included. */
const centred: Position = (i, from, to) => {
  const scale = 1 / (to / from);
  const position = Math.fround((i + 0.5) * scale - 0.5);
  const place = Math.floor(position);
  return [place, Math.fround(position - place)];
};

/** Sum of the weights of one place. */
const ONE = 2048;

/** For each place of the output: its first place in the input and the weights of that one and the next, times 2048. */
interface Taps {
  readonly first: Int32Array;
  readonly weights: Int32Array;
}

function taps(from: number, to: number, positionOf: Position, atBorder: boolean): Taps {
  const first = new Int32Array(to);
  const weights = new Int32Array(2 * to);
  for (let i = 0; i < to; i++) {
    let [place, share] = positionOf(i, from, to);
    if (atBorder && place < 0) [place, share] = [0, 0];
    if (atBorder && place >= from - 1) [place, share] = [from - 1, 0];
    first[i] = place;
    weights[2 * i] = roundHalfToEven(Math.fround(Math.fround(1 - share) * ONE));
    weights[2 * i + 1] = roundHalfToEven(Math.fround(share * ONE));
  }
  return { first, weights };
}

function resizeRow(source: Uint8Array, channels: number, { first, weights }: Taps, line: { values: Int32Array }): void {
  const { values } = line;
  const last = source.length - channels;
  for (let x = 0, to = 0; x < first.length; x++) {
    const left = first[x]! * channels;
    const right = left < last ? left + channels : left;
    const a0 = weights[2 * x]!;
    const a1 = weights[2 * x + 1]!;
    if (channels === 3) {
      values[to] = source[left]! * a0 + source[right]! * a1;
      values[to + 1] = source[left + 1]! * a0 + source[right + 1]! * a1;
      values[to + 2] = source[left + 2]! * a0 + source[right + 2]! * a1;
      to += 3;
    } else {
      for (let c = 0; c < channels; c++, to++) values[to] = source[left + c]! * a0 + source[right + c]! * a1;
    }
  }
}

function clamp(value: number, last: number): number {
  return value < 0 ? 0 : value > last ? last : value;
}
