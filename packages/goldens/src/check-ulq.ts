import { checkClip, runGraphOn, ulqBackward, ulqFeeds, ulqForward, ulqGrid, ulqInputs } from '@caffe-quant/kernels';
import type { Comparison } from './comparison.ts';
import type { GoldenSet, TensorRef } from './golden-set.ts';
import { GOLDEN_LIMITS } from './limits.ts';

/** The range before and after ULQ's check: [M, m, last good M, last good m]. */
export interface ClipCheckCase {
  i: [number, number, number, number];
  o: [number, number, number, number];
}

export interface UlqCase {
  name: string;
  fixed_min: boolean;
  clip_max_pre: number;
  clip_min_pre: number;
  clip_max_in: number;
  clip_min_in: number;
  clip_max: number;
  clip_min: number;
  scale: number;
  o: number;
  scale_d: number;
  offset_d: number;
  x: TensorRef;
  y: TensorRef;
  g: TensorRef;
  dx: TensorRef;
  d_clip_max_f64sum: number;
  d_clip_min_f64sum: number;
  /** Sums of the terms' magnitudes: what a float32 sum's rounding is relative to. */
  d_clip_max_abs: number;
  d_clip_min_abs: number;
}

export function checkClipState({ i, o }: ClipCheckCase, comparison: Comparison): void {
  const [max, min, maxPre, minPre] = i;
  const { state } = checkClip({ clip: { max, min }, lastGood: { max: maxPre, min: minPre } });
  comparison.exact('range', [state.clip.max, state.clip.min, state.lastGood.max, state.lastGood.min], o);
}

/** ULQ's grid bit by bit, y and dx; the range's gradients within the rounding of a sum. */
export async function checkUlq(golden: UlqCase, set: GoldenSet<UlqCase>, comparison: Comparison): Promise<void> {
  const { state } = checkClip({
    clip: { max: golden.clip_max_in, min: golden.clip_min_in },
    lastGood: { max: golden.clip_max_pre, min: golden.clip_min_pre },
  });
  const clip = golden.fixed_min ? { max: state.clip.max, min: 0 } : state.clip;
  comparison.exact('clip', [clip.max, clip.min], [golden.clip_max, golden.clip_min]);
  const grid = ulqGrid(clip);
  comparison.exact(
    'scale, o, offset_d',
    [grid.scale, grid.offset, grid.zeroPoint],
    [golden.scale, golden.o, golden.offset_d],
  );
  const { shape } = golden.x;
  const feeds = { x: set.f32(golden.x), dy: set.f32(golden.g), ...ulqFeeds('q', grid) };
  const out = await runGraphOn(
    comparison.device,
    (g) => {
      const x = g.input('x', shape);
      const inputs = ulqInputs(g, 'q');
      const gradients = ulqBackward(g, x, g.input('dy', shape), inputs, { x: true, min: true });
      return { y: ulqForward(g, x, inputs), dx: gradients.x!, max: gradients.max, min: gradients.min! };
    },
    feeds,
  );
  const limits = GOLDEN_LIMITS.ulq;
  const ofSum = limits['gradients of the range, of the sum of the magnitudes of their terms'];
  comparison.within('y', out['y'], set.f32(golden.y), limits['y and dx']);
  comparison.within('dx', out['dx'], set.f32(golden.dx), limits['y and dx']);
  comparison.within('d_clip_max', out['max'], [golden.d_clip_max_f64sum], ofSum, golden.d_clip_max_abs);
  comparison.within('d_clip_min', out['min'], [golden.d_clip_min_f64sum], ofSum, golden.d_clip_min_abs);
}
