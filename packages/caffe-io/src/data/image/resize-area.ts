import type { Image } from './image.ts';
import { toUint8 } from './opencv-round.ts';
import { type Position, resizeLinear } from './resize-linear.ts';

/**
 * `cv::resize` with INTER_AREA for uint8 (OpenCV, modules/imgproc/src/resize.cpp), bit by bit: the mean of what a pixel
 * covers, where the image shrinks in both directions; else INTER_LINEAR at other places.
 */
export function resizeArea(image: Image, height: number, width: number): Image {
  const [rowScale, columnScale] = [1 / (height / image.height), 1 / (width / image.width)];
  if (rowScale < 1 || columnScale < 1) return resizeLinear(image, height, width, cornered);
  const areWhole = [rowScale, columnScale].every((scale) => Math.abs(scale - Math.round(scale)) < Number.EPSILON);
  return areWhole
    ? meanOfBlocks(image, Math.round(rowScale), Math.round(columnScale))
    : meanOfAreas(image, [height, rowScale], [width, columnScale]);
}

/** A pixel of the output that lies within one of the input is that one. */
const cornered: Position = (i, from, to) => {
  const inverse = to / from;
  const place = Math.floor(i * (1 / inverse));
  const share = Math.fround(i + 1 - (place + 1) * inverse);
  return [place, share <= 0 ? 0 : Math.fround(share - Math.floor(share))];
};

/** ResizeAreaFast: blocks of whole pixels. */
function meanOfBlocks({ channels, height, width, pixels }: Image, blockHeight: number, blockWidth: number): Image {
  const [newHeight, newWidth] = [height / blockHeight, width / blockWidth];
  const factor = Math.fround(1 / (blockHeight * blockWidth));
  // For two by two OpenCV has a code of its own, which rounds half up.
  const isVectorized = blockHeight === 2 && blockWidth === 2 && channels !== 2;
  const output = new Uint8Array(newHeight * newWidth * channels);
  for (let y = 0, to = 0; y < newHeight; y++) {
    for (let x = 0; x < newWidth; x++) {
      for (let c = 0; c < channels; c++, to++) {
        let sum = 0;
        for (let h = y * blockHeight; h < (y + 1) * blockHeight; h++) {
          const from = (h * width + x * blockWidth) * channels + c;
          for (let w = 0; w < blockWidth; w++) sum += pixels[from + w * channels]!;
        }
        output[to] = isVectorized ? (sum + 2) >> 2 : toUint8(Math.fround(sum * factor));
      }
    }
  }
  return { channels, height: newHeight, width: newWidth, pixels: output };
}

/** A share of one place of the input in one place of the output. */
interface Share {
  readonly from: number;
  readonly to: number;
  /** float32 */
  readonly weight: number;
}

type Axis = readonly [size: number, scale: number];

/** ResizeArea: along the rows, then across them, in float32, each operation rounded. */
function meanOfAreas({ channels, height, width, pixels }: Image, rows: Axis, columns: Axis): Image {
  const [newHeight, newWidth] = [rows[0], columns[0]];
  const size = newWidth * channels;
  const columnShares = shares(width, columns);
  const output = new Uint8Array(newHeight * size);
  const sum = new Float32Array(size);
  const line = new Float32Array(size);
  let current = 0;
  const finish = () => sum.forEach((value, i) => (output[current * size + i] = toUint8(value)));
  for (const { from, to, weight } of shares(height, rows)) {
    line.fill(0);
    const start = from * width * channels;
    for (const share of columnShares) {
      for (let c = 0; c < channels; c++) {
        const pixel = Math.fround(pixels[start + share.from * channels + c]! * share.weight);
        line[share.to * channels + c]! += pixel;
      }
    }
    if (to !== current) {
      finish();
      sum.fill(0);
      current = to;
    }
    for (let i = 0; i < size; i++) sum[i]! += Math.fround(line[i]! * weight);
  }
  finish();
  return { channels, height: newHeight, width: newWidth, pixels: output };
}

/** `computeResizeAreaTab`: in the order of the places. */
function shares(from: number, [to, scale]: Axis): Share[] {
  const result: Share[] = [];
  // Less of a pixel than this does not count.
  const least = 1e-3;
  for (let i = 0; i < to; i++) {
    const start = i * scale;
    const end = start + scale;
    const covered = Math.min(scale, from - start);
    const last = Math.min(Math.floor(end), from - 1);
    const first = Math.min(Math.ceil(start), last);
    const add = (place: number, length: number) =>
      result.push({ from: place, to: i, weight: Math.fround(length / covered) });
    if (first - start > least) add(first - 1, first - start);
    for (let place = first; place < last; place++) add(place, 1);
    if (end - last > least) add(last, Math.min(end - last, 1, covered));
  }
  return result;
}
