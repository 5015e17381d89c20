import { check } from '../layer.ts';

/** Settings of a sliding window, one for each spatial axis: height and width, or depth before them. */
export interface Window {
  kernel: readonly number[];
  stride: readonly number[];
  /** Zeros before the first element of each axis. */
  pad: readonly number[];
  /** Zeros behind the last one: in Caffe as many as before. */
  padEnd: readonly number[];
  dilation: readonly number[];
}

/** A setting before the number of spatial axes is known. */
export interface SpatialSetting {
  /** The field's, for messages. */
  readonly name: string;
  /** One for all axes, or one for each. */
  readonly values: readonly number[];
  /** The fields that they came by where these are for two axes only, such as `pad_h and pad_w`. */
  readonly twoAxesOnly: string | undefined;
}

/**
 * A setting given for all spatial axes at once, per axis (`kernel_size: [3, 5]`), or, of two axes, by its `_h` and `_w`
 * fields, as Caffe's convolution layers take it.
 *
 * @param fallback absent for a setting that must be given
 * @param least what each value is at least
 */
export function spatialSetting(
  name: string,
  list: readonly number[],
  h: number | undefined,
  w: number | undefined,
  { fallback, least }: { fallback?: number; least: 0 | 1 },
): SpatialSetting {
  const byHeightAndWidth = h !== undefined || w !== undefined;
  check(!byHeightAndWidth || list.length === 0, () => `give either ${name} or ${name}_h and ${name}_w, not both`);
  const values = byHeightAndWidth ? [h ?? 0, w ?? 0] : list.length > 0 || fallback === undefined ? list : [fallback];
  check(values.length > 0, () => `${name} is missing`);
  check(
    values.every((value) => value >= least),
    () => `${name} ${values.join(' x ')} must be ${least === 0 ? '0 or more' : 'positive'}`,
  );
  return { name, values, twoAxesOnly: byHeightAndWidth ? `${name}_h and ${name}_w` : undefined };
}

/**
 * The setting for each of `axes` spatial axes.
 *
 * @throws LayerError where it is given for another number of them
 */
export function onSpatialAxes({ name, values, twoAxesOnly }: SpatialSetting, axes: number): readonly number[] {
  check(twoAxesOnly === undefined || axes === 2, () => `${twoAxesOnly} need two spatial axes, not ${axes}`);
  check(
    values.length === 1 || values.length === axes,
    () => `${name} has ${values.length} values; a blob of ${axes} spatial axes takes one or ${axes}`,
  );
  return values.length > 1 ? values : new Array<number>(axes).fill(values[0]!);
}

/** The spatial axes of a blob [N, C, ..], counted from 0. */
export const spatialAxes = (shape: readonly number[]): number[] => shape.slice(2).map((_, axis) => axis);

/** Extent of a kernel with its holes. */
export const dilated = (kernel: number, dilation: number): number => dilation * (kernel - 1) + 1;
