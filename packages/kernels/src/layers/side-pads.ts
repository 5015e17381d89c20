import { read } from '@caffe-quant/caffe-io';
import { check } from './layer.ts';

/** The fields of Synopsys' fork that pad each side of a plane by itself: left, right, top and bottom. */
export const SIDE_PAD_FIELDS = read('pad_l', 'pad_r', 'pad_t', 'pad_b');

/** Padding of a plane, by height and width. */
export interface SidePads {
  /** Above and left of it. */
  readonly before: readonly [number, number];
  /** Below and right of it. */
  readonly after: readonly [number, number];
}

/**
 * The padding of each side, where one is given that is not 0; else `pad` and its like hold. Source: `LayerSetUp` of
 * `base_conv_layer.cpp` and `pooling_layer.cpp` in Synopsys' fork.
 *
 * @param symmetric a padding by `pad`, or by `pad_h` and `pad_w`, is given too, which the fork refuses
 */
export function sidePads(
  {
    pad_l: left = 0,
    pad_r: right = 0,
    pad_t: top = 0,
    pad_b: bottom = 0,
  }: Readonly<Partial<Record<SideField, number | undefined>>>,
  symmetric: boolean,
): SidePads | undefined {
  if (left === 0 && right === 0 && top === 0 && bottom === 0) return undefined;
  check(!symmetric, () => 'give either pad (or pad_h and pad_w) or pad_l, pad_r, pad_t and pad_b, not both');
  return { before: [top, left], after: [bottom, right] };
}

type SideField = keyof typeof SIDE_PAD_FIELDS;
