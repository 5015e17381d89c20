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
  /** Side of the square that is cut out, at random in TRAIN, from the middle in TEST; 0: none. */
  readonly cropSize: number;
  /** Taken off each pixel before the crop; never together with mean values. */
  readonly meanImage?: MeanImage | undefined;
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

  /** Settings and shape, that of the first record, must be free of `transformProblems`. */
  constructor(settings: TransformSettings, shape: RecordShape) {
    const [channels, height, width] = shape;
    const { cropSize, meanValues } = settings;
    this.#settings = settings;
    this.#shape = shape;
    this.outputShape = [channels, cropSize || height, cropSize || width];
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
    for (let c = 0; c < channels; c++) {
      for (let h = 0; h < outHeight; h++) {
        const from = (c * height + top + h) * width + left;
        const to = offset + (c * outHeight + h) * outWidth;
        this.#row(pixels, c, from, output, mirror ? to + outWidth - 1 : to, mirror ? -1 : 1);
      }
    }
  }

  /** What keeps a record of this shape from being transformed like the first one. */
  recordProblem(shape: RecordShape): string | undefined {
    const { cropSize, meanImage } = this.#settings;
    if (shape.every((size, axis) => size === this.#shape[axis])) return undefined;
    const has = `has the shape [${shape.join(', ')}], but`;
    // A mean image is cropped where the record is, so it fits one shape only.
    if (cropSize === 0 || meanImage !== undefined || shape[0] !== this.#shape[0]) {
      return `${has} the first record has [${this.#shape.join(', ')}]`;
    }
    return cropSize > shape[1] || cropSize > shape[2] ? `${has} crop_size is ${cropSize}` : undefined;
  }

  #row(
    pixels: Uint8Array | Float32Array,
    channel: number,
    from: number,
    output: Float32Array,
    to: number,
    step: number,
  ): void {
    const end = from + this.outputShape[2];
    const scale = this.#scale;
    const image = this.#settings.meanImage?.data;
    if (image !== undefined) {
      for (; from < end; from++, to += step) output[to] = Math.fround(pixels[from]! - image[from]!) * scale;
    } else {
      const mean = this.#channelMeans[channel]!;
      for (; from < end; from++, to += step) output[to] = Math.fround(pixels[from]! - mean) * scale;
    }
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
    const { phase, cropSize, seed } = this.#settings;
    const random = recordRandom(seed, position);
    const mirror = this.#settings.mirror && random() % 2 === 1;
    if (cropSize === 0) return { mirror, top: 0, left: 0 };
    if (phase === 'TEST') return { mirror, top: (height - cropSize) >> 1, left: (width - cropSize) >> 1 };
    const top = random() % (height - cropSize + 1);
    return { mirror, top, left: random() % (width - cropSize + 1) };
  }
}

/** What keeps these settings from being applied to records of this shape; Caffe's own checks. */
export function transformProblems(settings: TransformSettings, shape: RecordShape): string[] {
  const [channels, height, width] = shape;
  const { cropSize, meanImage, meanValues } = settings;
  const problems: string[] = [];
  if (!Number.isFinite(Math.fround(settings.scale))) problems.push(`scale is ${settings.scale}`);
  problems.push(
    ...meanValues.filter((mean) => !Number.isFinite(Math.fround(mean))).map((mean) => `mean_value is ${mean}`),
  );
  if (cropSize > height || cropSize > width) {
    problems.push(`crop_size ${cropSize} is larger than the records, which are ${height} high and ${width} wide`);
  }
  if (meanImage && (meanImage.channels !== channels || meanImage.height !== height || meanImage.width !== width)) {
    const mean = [meanImage.channels, meanImage.height, meanImage.width].join(', ');
    problems.push(`the mean file has the shape [${mean}], but the records have [${shape.join(', ')}]`);
  }
  if (meanValues.length > 1 && meanValues.length !== channels) {
    problems.push(`${meanValues.length} mean_value for ${channels} channels; give one, or one per channel`);
  }
  return problems;
}
