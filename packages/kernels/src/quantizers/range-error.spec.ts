import * as ops from '../graph/ops.ts';
import { runGraph } from '../testing/run-graph.ts';
import { rangeErrorGradients } from './range-error.ts';
import { ulqFeeds, ulqGrid, ulqInputs, type ClipRange } from './ulq.ts';

/** 2,000 numbers, evenly from -1 to 3. */
const X = Float32Array.from({ length: 2000 }, (_, i) => -1 + (4 * (i + 0.5)) / 2000);

async function gradients(x: Float32Array, clip: ClipRange): Promise<{ max: number; min: number }> {
  const out = await runGraph(
    (g) => {
      const { max, min } = rangeErrorGradients(g, g.input('x', [x.length]), ulqInputs(g, 'q'), { min: true });
      return { max, min: min! };
    },
    { x, ...ulqFeeds('q', ulqGrid(clip)) },
  );
  return { max: out['max']![0]!, min: out['min']![0]! };
}

/** The error itself, in float64, with the squares of rounding that `E` has on average. */
function error(x: Float32Array, { max, min }: ClipRange, power: number): number {
  const step = (max - min) / 255;
  const cutOff = x.reduce((sum, v) => sum + Math.max(v - max, min - v, 0) ** 2, 0);
  return (cutOff + (x.length * step * step) / 12) / power;
}

test.each<[string, ClipRange]>([
  ['too tight', { max: 1, min: -0.25 }],
  ['too tight above', { max: 0.3, min: -1.5 }],
  ['too wide', { max: 60, min: -20 }],
])('is the slope of the error: a range that is %s', async (_, clip) => {
  const { max, min } = await gradients(X, clip);
  const power = X.reduce((sum, v) => sum + v * v, 0) + (X.length * ((clip.max - clip.min) / 255) ** 2) / 12;
  const d = 1e-4;
  const slope = (end: 'max' | 'min') =>
    (error(X, { ...clip, [end]: clip[end] + d }, power) - error(X, { ...clip, [end]: clip[end] - d }, power)) / (2 * d);
  // The grid's ends are not quite the range's: zero is on the grid.
  const tolerance = 0.02 * Math.max(Math.abs(slope('max')), Math.abs(slope('min')));
  expect(Math.abs(max - slope('max'))).toBeLessThanOrEqual(tolerance);
  expect(Math.abs(min - slope('min'))).toBeLessThanOrEqual(tolerance);
});

test('a blob of zeros gives finite numbers, and pulls the range together', async () => {
  const { max, min } = await gradients(new Float32Array(16), { max: 1, min: -1 });
  expect(max).toBeCloseTo(1, 4);
  expect(min).toBeCloseTo(-1, 4);
});

test('what is known not to be negative is never below: less work, the same numbers', async () => {
  const out = await runGraph(
    (g) => {
      const x = ops.relu(g, g.input('x', [X.length]));
      expect(x.nonNegative).toBe(true);
      const short = rangeErrorGradients(g, x, ulqInputs(g, 'q'), { min: true });
      const { name, shape, type } = x;
      const inputs = { ...ulqInputs(g, 'r') };
      const long = rangeErrorGradients(g, { name, shape, type }, inputs, { min: true });
      return { short: short.min!, long: long.min! };
    },
    { x: X, ...ulqFeeds('q', ulqGrid({ max: 2, min: -1 })), ...ulqFeeds('r', ulqGrid({ max: 2, min: -1 })) },
  );
  expect(out['short']![0]).toBe(out['long']![0]);
});

test('of a batch the first eighth counts', async () => {
  const ofBatch = async (images: number, shape: number[]) => {
    const out = await runGraph(
      (g) => rangeErrorGradients(g, g.input('x', shape), ulqInputs(g, 'q'), { min: true }) as never,
      {
        x: X.slice(0, images * 100),
        ...ulqFeeds('q', ulqGrid({ max: 1, min: -0.25 })),
      },
    );
    return [out['max']![0], out['min']![0]];
  };
  expect(await ofBatch(9, [9, 100])).toEqual(await ofBatch(2, [200]));
});
