import type { ClipCheckCase, UlqCase } from '@caffe-quant/goldens';
import * as ops from '../graph/ops.ts';
import { readGoldens } from '../testing/goldens.ts';
import { runGraph } from '../testing/run-graph.ts';
import { checkClip, ulqBackward, ulqFeeds, ulqForward, ulqGrid, ulqInputs, type UlqGradients } from './ulq.ts';

describe('checkClip equals the AMCT library', () => {
  const { cases } = readGoldens<ClipCheckCase>('clipcheck');
  test.each(cases.map((golden) => [golden.i.join(' '), golden] as const))('M m Mpre mpre = %s', (_name, golden) => {
    const [max, min, maxPre, minPre] = golden.i;
    const { state, restored } = checkClip({ clip: { max, min }, lastGood: { max: maxPre, min: minPre } });
    expect([state.clip.max, state.clip.min, state.lastGood.max, state.lastGood.min]).toEqual(golden.o);
    expect(restored).toBe(max <= min || max < 0 || min > 0);
  });
});

describe('ULQ equals the AMCT layer', () => {
  const goldens = readGoldens<UlqCase>('ulq');
  test.each(goldens.cases.map((golden) => [golden.name, golden] as const))('%s', async (_name, golden) => {
    const { state } = checkClip({
      clip: { max: golden.clip_max_in, min: golden.clip_min_in },
      lastGood: { max: golden.clip_max_pre, min: golden.clip_min_pre },
    });
    const clip = golden.fixed_min ? { max: state.clip.max, min: 0 } : state.clip;
    expect(clip).toEqual({ max: golden.clip_max, min: golden.clip_min });
    const grid = ulqGrid(clip);
    expect([grid.scale, grid.offset, grid.zeroPoint]).toEqual([golden.scale, golden.o, golden.offset_d]);

    const shape = golden.x.shape;
    const out = await runGraph(
      (g) => {
        const x = g.input('x', shape);
        const inputs = ulqInputs(g, 'q');
        const gradients = ulqBackward(g, x, g.input('dy', shape), inputs, { x: true, min: true });
        return { y: ulqForward(g, x, inputs), dx: gradients.x!, dmax: gradients.max, dmin: gradients.min! };
      },
      {
        x: goldens.f32(golden.x),
        dy: goldens.f32(golden.g),
        ...ulqFeeds('q', grid),
      },
    );
    expect(Array.from(out['y']!, (v) => v + 0)).toEqual(Array.from(goldens.f32(golden.y), (v) => v + 0));
    expect(Array.from(out['dx']!, (v) => v + 0)).toEqual(Array.from(goldens.f32(golden.dx), (v) => v + 0));
    expect(Math.abs(out['dmax']![0]! - golden.d_clip_max_f64sum)).toBeLessThanOrEqual(2e-6 * golden.d_clip_max_abs);
    expect(Math.abs(out['dmin']![0]! - golden.d_clip_min_f64sum)).toBeLessThanOrEqual(2e-6 * golden.d_clip_min_abs);
  });

  test.each(goldens.cases.map((golden) => [golden.name, golden] as const))(
    '%s: less work for a rectified input changes nothing',
    async (_name, golden) => {
      const shape = golden.x.shape;
      const grid = ulqGrid({ max: golden.clip_max, min: golden.clip_min });
      const out = await runGraph(
        (g) => {
          const [dy, rectified] = [g.input('dy', shape), ops.relu(g, g.input('x', shape))];
          const { name, type } = rectified;
          expect(rectified.nonNegative).toBe(true);
          const inputs = ulqInputs(g, 'q');
          const short = ulqBackward(g, rectified, dy, inputs, { x: true, min: true });
          const long = ulqBackward(g, { name, shape, type }, dy, inputs, { x: true, min: true });
          return { ...named('short', short), ...named('long', long) };
        },
        { x: goldens.f32(golden.x), dy: goldens.f32(golden.g), ...ulqFeeds('q', grid) },
      );
      for (const part of ['x', 'max', 'min']) {
        expect(Array.from(out[`short ${part}`]!, (v) => v + 0)).toEqual(Array.from(out[`long ${part}`]!, (v) => v + 0));
      }
    },
  );
});

const named = (form: string, { x, max, min }: UlqGradients) => ({
  [`${form} x`]: x!,
  [`${form} max`]: max,
  [`${form} min`]: min!,
});
