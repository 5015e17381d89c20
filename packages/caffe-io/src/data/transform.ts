import type { MeanImage } from './mean-file.ts';
import { recordRandom } from './record-random.ts';

/** [channels, height, width] */
export type RecordShape = readonly [channels: number, height: number, width: number];

/** What a data layer's `transform_param` asks for, defaults filled in. */
export interface TransformSettings {
  readonly phase: 'TRAIN' | 'TEST';
  /** Multiplies each pixel, after the mean is taken off. */
  readonly scale: number;
  /** Flip left and right, at random, in both phases. */
  readonly mirror: boolean;
  /** What is cut out, at random in TRAIN, from the middle in TEST; 0, both: nothing. */
  readonly crop: readonly [height: number, width: number];
  /** From the middle in TRAIN too. */
  readonly isCropCentred?: boolean;
  /** Taken off each pixel before the crop; never together with mean values. */
  readonly meanImage?: MeanImage | undefined;
  /** The middle of the mean image counts, wherever a record is cropped. */
  readonly isMeanCentred?: boolean;
  /** None, one for all channels, or one per channel. */
  readonly meanValues: readonly number[];
  /** Randomness is a function of this and the record's position, nothing else. */
  readonly seed: number;
}

/**
 * Caffe's DataTransformer (data_transformer.cpp): crop, mirror, `(pixel - mean) * scale` in float32 arithmetic, each
 * operation rounded. Records have the shape of the first; where they are cropped, they may differ in height and width.
 */
export class DataTransformer {
  /** Of a transformed record. */
  readonly outputShape: RecordShape;
  readonly #settings: TransformSettings;
  readonly #shape: RecordShape;
  /** float32 */
  readonly #scale: number;
  /** float32, one per channel. */
  readonly #channelMeans: Float32Array;
  /** Where it is the same for every crop: of the output's shape. */
  readonly #centralMean: Float32Array | undefined;

  /** Settings and shape, that of the first record, must be free of `transformProblems`. */
  constructor(settings: TransformSettings, shape: RecordShape) {
    const [channels, height, width] = shape;
    const { crop, meanValues, meanImage, isMeanCentred } = settings;
    this.#settings = settings;
    this.#shape = shape;
    this.outputShape = [channels, crop[0] || height, crop[1] || width];
    this.#centralMean = meanImage && isMeanCentred ? centralMean(meanImage, this.outputShape) : undefined;
    this.#scale = Math.fround(settings.scale);
    this.#channelMeans = Float32Array.from({ length: channels }, (_, c) => meanValues[c] ?? meanValues[0] ?? 0);
  }

  /**
   * Writes one record, transformed.
   *
   * @param pixels [channels, height, width]
   * @param position of the record in the walk over the data set, counted on over its end: the random choices
   *   of a record differ from one pass to the next, and are the same in whatever order records are asked for
   * @param output gets `outputShape` values at `offset`
   * @param shape of this record; it must be free of `recordProblem`
   */
  transform(
    pixels: Uint8Array | Float32Array,
    position: number,
    output: Float32Array,
    offset: number,
    shape: RecordShape = this.#shape,
  ): void {
    const [channels, height, width] = shape;
    const [, outHeight, outWidth] = this.outputShape;
    const { mirror, top, left } = this.#place(position, shape);
    const mean = this.#centralMean ?? this.#settings.meanImage?.data;
    for (let c = 0; c < channels; c++) {
      for (let h = 0; h < outHeight; h++) {
        const from = (c * height + top + h) * width + left;
        const row = (c * outHeight + h) * outWidth;
        const to = offset + (mirror ? row + outWidth - 1 : row);
        if (mean !== undefined)
          this.#rowLessImage(pixels, from, mean, this.#centralMean ? row : from, output, to, mirror ? -1 : 1);
        else this.#rowLessValue(pixels, from, this.#channelMeans[c]!, output, to, mirror ? -1 : 1);
      }
    }
  }

  /** What keeps a record of this shape from being transformed like the first one. */
  recordProblem(shape: RecordShape): string | undefined {
    const { crop, meanImage, isMeanCentred = false } = this.#settings;
    if (shape.every((size, axis) => size === this.#shape[axis])) return undefined;
    const has = `has the shape [${shape.join(', ')}], but`;
    // A mean image is cropped where the record is, so it fits one shape only.
    const isMeanCropped = meanImage !== undefined && !isMeanCentred;
    if (crop[0] === 0 || isMeanCropped || shape[0] !== this.#shape[0]) {
      return `${has} the first record has [${this.#shape.join(', ')}]`;
    }
    return crop[0] > shape[1] || crop[1] > shape[2] ? `${has} ${cropText(crop)}` : undefined;
  }

  #rowLessImage(
    pixels: Uint8Array | Float32Array,
    from: number,
    mean: Float32Array,
    meanFrom: number,
    output: Float32Array,
    to: number,
    step: number,
  ): void {
    const end = from + this.outputShape[2];
    const scale = this.#scale;
    for (; from < end; from++, meanFrom++, to += step)
      output[to] = Math.fround(pixels[from]! - mean[meanFrom]!) * scale;
  }

  #rowLessValue(
    pixels: Uint8Array | Float32Array,
    from: number,
    mean: number,
    output: Float32Array,
    to: number,
    step: number,
  ): void {
    const end = from + this.outputShape[2];
    const scale = this.#scale;
    for (; from < end; from++, to += step) output[to] = Math.fround(pixels[from]! - mean) * scale;
  }

  /** Caffe draws in this order: mirror, row, column. */
  #place(
    position: number,
    [, height, width]: RecordShape,
  ): {
    mirror: boolean;
    top: number;
    left: number;
  } {
    const { phase, crop, isCropCentred = false, seed } = this.#settings;
    const random = recordRandom(seed, position);
    const mirror = this.#settings.mirror && random() % 2 === 1;
    if (crop[0] === 0) return { mirror, top: 0, left: 0 };
    if (phase === 'TEST' || isCropCentred) {
      return { mirror, top: (height - crop[0]) >> 1, left: (width - crop[1]) >> 1 };
    }
    const top = random() % (height - crop[0] + 1);
    return { mirror, top, left: random() % (width - crop[1] + 1) };
  }
}

/** What keeps these settings from being applied to records of this shape; Caffe's own checks. */
export function transformProblems(settings: TransformSettings, shape: RecordShape): string[] {
  const [channels, height, width] = shape;
  const { crop, meanImage, meanValues } = settings;
  const problems: string[] = [];
  if (!Number.isFinite(Math.fround(settings.scale))) problems.push(`scale is ${settings.scale}`);
  problems.push(
    ...meanValues.filter((mean) => !Number.isFinite(Math.fround(mean))).map((mean) => `mean_value is ${mean}`),
  );
  if (crop[0] > height || crop[1] > width) {
    const given = crop[0] === crop[1] ? `crop_size ${crop[0]}` : `the crop of ${crop[0]}x${crop[1]}`;
    problems.push(`${given} is larger than the records, which are ${height} high and ${width} wide`);
  }
  if (meanImage && !fits(meanImage, settings, shape)) {
    const mean = [meanImage.channels, meanImage.height, meanImage.width].join(', ');
    problems.push(`the mean file has the shape [${mean}], but the records have [${shape.join(', ')}]`);
  }
  if (meanValues.length > 1 && meanValues.length !== channels) {
    problems.push(`${meanValues.length} mean_value for ${channels} channels; give one, or one per channel`);
  }
  return problems;
}

function fits(mean: MeanImage, { crop, isMeanCentred = false }: TransformSettings, shape: RecordShape): boolean {
  const [channels, height, width] = shape;
  if (mean.channels !== channels) return false;
  return isMeanCentred
    ? mean.height >= (crop[0] || height) && mean.width >= (crop[1] || width)
    : mean.height === height && mean.width === width;
}

const cropText = ([height, width]: TransformSettings['crop']): string =>
  height === width ? `crop_size is ${height}` : `the crop is ${height} high and ${width} wide`;

/** The middle of a mean image, [channels, height, width]. */
function centralMean(mean: MeanImage, [channels, height, width]: RecordShape): Float32Array {
  const [top, left] = [(mean.height - height) >> 1, (mean.width - width) >> 1];
  const output = new Float32Array(channels * height * width);
  for (let row = 0; row < channels * height; row++) {
    const from = (Math.floor(row / height) * mean.height + top + (row % height)) * mean.width + left;
    output.set(mean.data.subarray(from, from + width), row * width);
  }
  return output;
}
