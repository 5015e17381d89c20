import { check } from './layer.ts';

/** Height and width settings of a sliding window. */
export interface Window {
  kernel: readonly [number, number];
  stride: readonly [number, number];
  pad: readonly [number, number];
  dilation: readonly [number, number];
}

/**
 * A setting given for both axes at once, per axis (`kernel_size: [3, 5]`), or by its `_h` and `_w` fields, as Caffe's
 * convolution layers take it.
 */
export function spatialPair(
  name: string,
  list: readonly number[],
  h: number | undefined,
  w: number | undefined,
  fallback: number | undefined,
): readonly [number, number] {
  if (h !== undefined || w !== undefined) {
    check(list.length === 0, () => `give either ${name} or ${name}_h and ${name}_w, not both`);
    return [h ?? 0, w ?? 0];
  }
  check(list.length <= 2, () => `${name} has ${list.length} values; a blob of two spatial axes takes one or two`);
  if (list.length === 0) {
    check(fallback !== undefined, () => `${name} is missing`);
    return [fallback, fallback];
  }
  return [list[0]!, list[1] ?? list[0]!];
}

/** Extent of a kernel with its holes. */
export const dilated = (kernel: number, dilation: number): number => dilation * (kernel - 1) + 1;
