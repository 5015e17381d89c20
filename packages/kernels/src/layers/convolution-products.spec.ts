import type { GraphBuilder } from '../graph/graph-builder.ts';
import { relativeError } from '../testing/goldens.ts';
import { runGraph } from '../testing/run-graph.ts';
import { convolve, inputGradient, kernelGradient, outputSize } from './convolution-products.ts';
import type { Window } from './spatial.ts';

const values = (shape: readonly number[], step: number) =>
  Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => ((i * step) % 101) / 101 - 0.5);

interface Case {
  name: string;
  x: [number, number, number, number];
  cout: number;
  group: number;
  window: Window;
}

const window = (kernel: number, stride = 1, pad = 0, dilation = 1): Window => ({
  kernel: [kernel, kernel],
  stride: [stride, stride],
  pad: [pad, pad],
  dilation: [dilation, dilation],
});

const CASES: Case[] = [
  { name: 'dense', x: [3, 4, 9, 8], cout: 6, group: 1, window: window(3, 1, 1) },
  { name: 'strided and dilated', x: [2, 3, 12, 11], cout: 4, group: 1, window: window(3, 2, 2, 2) },
  { name: 'grouped', x: [2, 4, 7, 7], cout: 6, group: 2, window: window(3) },
  { name: 'whole channel blocks', x: [2, 16, 6, 6], cout: 32, group: 1, window: window(3, 1, 1) },
];

test.each(CASES)('the gradients of a $name convolution are its derivatives', async ({ x, cout, group, window: w }) => {
  const kernel = [cout, x[1] / group, ...w.kernel];
  const [ky, kx] = outputSize(x, w) as [number, number];
  const shapes = { x, w: kernel, dy: [x[0], cout, ky, kx] };
  const feeds = { x: values(x, 7), w: values(kernel, 13), dy: values(shapes.dy, 29) };
  const build = (limit?: number) => (g: GraphBuilder) => {
    const [xs, ws, dys] = [g.input('x', x), g.input('w', kernel), g.input('dy', shapes.dy)];
    return {
      y: convolve(g, xs, ws, undefined, w, group),
      dx: inputGradient(g, dys, ws, x, w, group),
      dw: kernelGradient(g, xs, dys, kernel, w, group, limit),
    };
  };
  const out = await runGraph(build(), feeds);
  // The convolution is linear in x and in w: <dy, y> = <dx, x> = <dw, w>.
  const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const inner = dot(feeds.dy, out['y']!);
  expect(dot(out['dx']!, feeds.x)).toBeCloseTo(inner, 3);
  expect(dot(out['dw']!, feeds.w)).toBeCloseTo(inner, 3);
  const tapByTap = await runGraph(build(0), feeds);
  expect(relativeError(tapByTap['dw']!, out['dw']!)).toBeLessThan(2e-6);
  for (const threads of [2, 3, 4]) expect(await runGraph(build(), feeds, threads)).toEqual(out);
});
