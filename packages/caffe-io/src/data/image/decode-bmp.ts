import type { ColorMode } from './color-mode.ts';
import { mixChannels, pickChannels } from './decode-raw.ts';
import type { Image } from './image.ts';
import { ImageError } from './image-error.ts';
import { opencvGray } from './opencv-gray.ts';

/**
 * An uncompressed BMP of 8, 24 or 32 bits a pixel, as OpenCV decodes it (grfmt_bmp.cpp): blue, green, red; the fourth
 * byte of 32 bits is dropped. A palette of grays alone makes an image of one channel.
 *
 * @throws ImageError for other BMPs, where it is cut off, and where its header contradicts itself
 */
export function decodeBmp(bytes: Uint8Array, mode: ColorMode): Image {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 54 || view.getUint32(14, true) < 40) throw new ImageError('is a BMP without a header known here');
  const start = view.getUint32(10, true);
  const headerSize = view.getUint32(14, true);
  const width = view.getInt32(18, true);
  const signedHeight = view.getInt32(22, true);
  const height = Math.abs(signedHeight);
  const bits = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  if (compression !== 0 || ![8, 24, 32].includes(bits)) {
    throw new ImageError(`is a BMP of ${bits} bits a pixel, compression ${compression}; convert it to PNG`);
  }
  const channels = bits / 8;
  const stride = (width * channels + 3) & ~3;
  if (!(width > 0 && height > 0) || start + stride * (height - 1) + width * channels > bytes.length) {
    throw new ImageError('is a BMP that is cut off');
  }
  checkSizes(view, { start, headerSize, rows: stride * height, unpadded: width * channels * height });
  const pixels = new Uint8Array(height * width * channels);
  for (let row = 0; row < height; row++) {
    // From the bottom up, unless the height is negative.
    const from = start + stride * (signedHeight > 0 ? height - 1 - row : row);
    pixels.set(bytes.subarray(from, from + width * channels), row * width * channels);
  }
  const stored: Image = { channels, height, width, pixels };
  const image =
    bits === 8 ? fromPalette(stored, palette(bytes, view, start, headerSize)) : pickChannels(stored, [0, 1, 2]);
  if (mode === 'gray') return image.channels === 1 ? image : mixChannels(image, opencvGray);
  return mode === 'color' && image.channels === 1 ? pickChannels(image, [0, 0, 0]) : image;
}

/** Programs round the size of a file, or of the pixels in it, up to four bytes. */
const ROUNDING = 3;
/** Headers from this size on may have a colour profile after the pixels. */
const WITH_PROFILE = 108;

/**
 * A BMP has no checksums, but it says some sizes twice. What a program may leave out, or count in its own way, is let pass.
 */
function checkSizes(
  view: DataView,
  { start, headerSize, rows, unpadded }: { start: number; headerSize: number; rows: number; unpadded: number },
): void {
  const fileSize = view.getUint32(2, true);
  const pixelBytes = view.getUint32(34, true);
  const planes = view.getUint16(26, true);
  const colors = view.getUint32(46, true);
  if (fileSize > view.byteLength) {
    throw new ImageError(`is a BMP of ${view.byteLength} bytes that says it has ${fileSize}: it is cut off or damaged`);
  }
  const isOther = (size: number, expected: number) => size < expected || size > expected + ROUNDING;
  const contradictions = [
    [planes !== 1, `it has ${planes} planes of colour`],
    [colors > 256, `its palette has ${colors} colours`],
    [start < 14 + headerSize, `its pixels begin at byte ${start}, in its header`],
    [
      pixelBytes !== 0 && pixelBytes !== unpadded && isOther(pixelBytes, rows),
      `its pixels have ${pixelBytes} bytes, but its height and width ask for ${rows}`,
    ],
    [
      fileSize === view.byteLength && headerSize < WITH_PROFILE && fileSize > start + rows + ROUNDING,
      `its height and width ask for ${start + rows} bytes, but it has ${fileSize}`,
    ],
  ] as const;
  const found = contradictions.find(([isWrong]) => isWrong);
  if (found) throw new ImageError(`is a BMP whose header contradicts itself: ${found[1]}`);
}

/** Blue, green, red and a spare byte of each colour. */
function palette(bytes: Uint8Array, view: DataView, start: number, headerSize: number): Uint8Array {
  const count = view.getUint32(46, true) || 256;
  const from = 14 + headerSize;
  if (from + 4 * count > start)
    throw new ImageError(`is a BMP whose palette of ${count} colours reaches into its pixels`);
  const colors = new Uint8Array(4 * 256);
  colors.set(bytes.subarray(from, from + 4 * count));
  return colors;
}

function fromPalette({ height, width, pixels }: Image, colors: Uint8Array): Image {
  const isGray = colors.every((value, i) => i % 4 === 3 || value === colors[i - (i % 4)]);
  const channels = isGray ? 1 : 3;
  const output = new Uint8Array(height * width * channels);
  pixels.forEach((index, i) => {
    for (let c = 0; c < channels; c++) output[i * channels + c] = colors[4 * index + c]!;
  });
  return { channels, height, width, pixels: output };
}
