import { check } from '../layer.ts';

/** Settings of a sliding window, one for each spatial axis: height and width, or depth before them. */
export interface Window {
  kernel: readonly number[];
  stride: readonly number[];
  pad: readonly number[];
  dilation: readonly number[];
}

/**
 * A setting given for all spatial axes at once, per axis (`kernel_size: [3, 5]`), or, of two axes, by its `_h` and `_w`
 * fields, as Caffe's convolution layers take it.
 */
export function spatialSetting(
  name: string,
  axes: number,
  list: readonly number[],
  h: number | undefined,
  w: number | undefined,
  fallback: number | undefined,
): readonly number[] {
  if (h !== undefined || w !== undefined) {
    check(list.length === 0, () => `give either ${name} or ${name}_h and ${name}_w, not both`);
    check(axes === 2, () => `${name}_h and ${name}_w need two spatial axes, not ${axes}`);
    return [h ?? 0, w ?? 0];
  }
  check(
    list.length <= 1 || list.length === axes,
    () => `${name} has ${list.length} values; a blob of ${axes} spatial axes takes one or ${axes}`,
  );
  const one = list[0] ?? fallback;
  check(one !== undefined, () => `${name} is missing`);
  return list.length > 1 ? list : new Array<number>(axes).fill(one);
}

/** The spatial axes of a blob [N, C, ..], counted from 0. */
export const spatialAxes = (shape: readonly number[]): number[] => shape.slice(2).map((_, axis) => axis);

/** Extent of a kernel with its holes. */
export const dilated = (kernel: number, dilation: number): number => dilation * (kernel - 1) + 1;
