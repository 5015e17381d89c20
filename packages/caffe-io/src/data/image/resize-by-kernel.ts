import type { Image } from './image.ts';
import { roundHalfToEven, toUint8 } from './opencv-round.ts';

/** An interpolation by several pixels in a row. */
export interface Kernel {
  /** Their number, even. */
  readonly taps: number;
  /** Their weights, float32, for a place that lies `share` of the way from the middle's left pixel to its right one. */
  readonly weights: (share: number) => readonly number[];
  /** Whether OpenCV has written out its second pass for processors with vectors: in float32, eight values at once. */
  readonly isVectorized: boolean;
}

/** INTER_CUBIC, a = -0.75 (`interpolateCubic`). */
export const cubic: Kernel = {
  taps: 4,
  isVectorized: true,
  weights: (share) => {
    const f = Math.fround;
    const a = -0.75;
    const x = share;
    const x1 = f(x + 1);
    const rest = f(1 - x);
    const near = (t: number) => f(f(f(f(f(f(a + 2) * t) - f(a + 3)) * t) * t) + 1);
    const first = f(f(f(f(f(f(a * x1) - 5 * a) * x1) + 8 * a) * x1) - 4 * a);
    const second = near(x);
    const third = near(rest);
    return [first, second, third, f(f(f(1 - first) - second) - third)];
  },
};

/** INTER_LANCZOS4 (`interpolateLanczos4`): sin(x) sin(x / 4) over 8 pixels, divided by its sum. */
export const lanczos4: Kernel = {
  taps: 8,
  isVectorized: false,
  weights: (share) => {
    const farthest = Math.fround(share + 3);
    const y0 = -farthest * Math.PI * 0.25;
    const [s0, c0] = [Math.sin(y0), Math.cos(y0)];
    const values = TURNS.map(([s, c], i) => {
      const distance = Math.fround(farthest - i);
      // On the pixel itself the formula has no value: so large a weight makes it the only one.
      if (Math.abs(distance) < 1e-6) return Math.fround(1e30);
      const y = -distance * Math.PI * 0.25;
      return Math.fround((s * s0 + c * c0) / (y * y));
    });
    const sum = values.reduce((total, value) => Math.fround(total + value), 0);
    const factor = Math.fround(1 / sum);
    return values.map((value) => Math.fround(value * factor));
  },
};

/** Sine and cosine of multiples of 5/4 pi, which turn sin(y0) into the sine at each of the 8 pixels. */
const TURNS: readonly (readonly [number, number])[] = [
  [1, 0],
  [-Math.SQRT1_2, -Math.SQRT1_2],
  [0, 1],
  [Math.SQRT1_2, -Math.SQRT1_2],
  [-1, 0],
  [Math.SQRT1_2, Math.SQRT1_2],
  [0, -1],
  [-Math.SQRT1_2, Math.SQRT1_2],
];

/**
 * `cv::resize` with INTER_CUBIC or INTER_LANCZOS4 for uint8 (OpenCV, modules/imgproc/src/resize.cpp), bit by bit: weights
 * of 11 bits, first along the rows into int32, then across them. Beyond the border the outermost pixel is repeated.
 */
export function resizeByKernel(image: Image, height: number, width: number, kernel: Kernel): Image {
  const { channels } = image;
  const size = width * channels;
  const columns = tapsOf(image.width, width, kernel);
  const rows = tapsOf(image.height, height, kernel);
  // Only rows of the input that are asked for.
  const resizedRows = new Map<number, Int32Array>();
  const rowAt = (row: number): Int32Array => {
    const known = resizedRows.get(row);
    if (known !== undefined) return known;
    const values = resizeRow(image, row, columns, kernel.taps);
    resizedRows.set(row, values);
    return values;
  };
  const output = new Uint8Array(height * size);
  for (let y = 0; y < height; y++) {
    const from = y * kernel.taps;
    const lines = Array.from({ length: kernel.taps }, (_, k) => rowAt(rows.places[from + k]!));
    const weights = rows.weights.subarray(from, from + kernel.taps);
    const line = output.subarray(y * size, (y + 1) * size);
    const vectorized = kernel.isVectorized ? size - (size % VECTOR) : 0;
    if (vectorized > 0) joinFloats(lines, weights, line.subarray(0, vectorized));
    joinIntegers(lines, weights, line, vectorized);
  }
  return { channels, height, width, pixels: output };
}

/** Values that OpenCV computes at once, of 16 bits in 128. */
const VECTOR = 8;

/** The weights of one place, times 2048, and where they belong. */
interface Taps {
  readonly places: Int32Array;
  readonly weights: Int32Array;
}

const ONE = 2048;

function tapsOf(from: number, to: number, { taps, weights }: Kernel): Taps {
  const scale = 1 / (to / from);
  const result = { places: new Int32Array(to * taps), weights: new Int32Array(to * taps) };
  for (let i = 0; i < to; i++) {
    const position = Math.fround((i + 0.5) * scale - 0.5);
    const middle = Math.floor(position);
    weights(Math.fround(position - middle)).forEach((weight, k) => {
      result.places[i * taps + k] = Math.min(Math.max(middle - taps / 2 + 1 + k, 0), from - 1);
      result.weights[i * taps + k] = roundHalfToEven(Math.fround(weight * ONE));
    });
  }
  return result;
}

function resizeRow({ channels, width, pixels }: Image, row: number, columns: Taps, taps: number): Int32Array {
  const places = columns.places.length / taps;
  const values = new Int32Array(places * channels);
  const start = row * width * channels;
  for (let x = 0, to = 0; x < places; x++) {
    for (let c = 0; c < channels; c++, to++) {
      let sum = 0;
      for (let k = x * taps; k < (x + 1) * taps; k++) {
        sum += pixels[start + columns.places[k]! * channels + c]! * columns.weights[k]!;
      }
      values[to] = sum;
    }
  }
  return values;
}

/** From the last line to the first, as the vector code adds them. */
function joinFloats(lines: readonly Int32Array[], weights: Int32Array, output: Uint8Array): void {
  const factors = Array.from(weights, (weight) => Math.fround(weight / (ONE * ONE)));
  for (let i = 0; i < output.length; i++) {
    let sum = 0;
    for (let k = lines.length - 1; k >= 0; k--) {
      sum = Math.fround(Math.fround(lines[k]![i]! * factors[k]!) + sum);
    }
    output[i] = toUint8(sum);
  }
}

function joinIntegers(lines: readonly Int32Array[], weights: Int32Array, output: Uint8Array, from: number): void {
  for (let i = from; i < output.length; i++) {
    let sum = (ONE * ONE) / 2;
    for (let k = 0; k < lines.length; k++) sum += lines[k]![i]! * weights[k]!;
    output[i] = Math.min(Math.max(sum >> 22, 0), 255);
  }
}
