import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { GraphBuilder } from '../../graph/graph-builder.ts';
import { relativeError } from '../../testing/goldens.ts';
import { channelBlock } from '../../graph/channel-block.ts';
import { runGraph } from '../../testing/run-graph.ts';
import { convolve, inputGradient, kernelGradient, outputSize } from './convolution-products.ts';
import type { Window } from './spatial.ts';

const values = (shape: readonly number[], step: number) =>
  Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => ((i * step) % 101) / 101 - 0.5);

const hashes = (tensors: Record<string, Float32Array>) =>
  Object.entries(tensors).map(([name, data]) => [
    name,
    createHash('sha256')
      .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
      .digest('hex'),
  ]);

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
  padEnd: [pad, pad],
  dilation: [dilation, dilation],
});

const CASES: Case[] = [
  { name: 'dense', x: [3, 4, 9, 8], cout: 6, group: 1, window: window(3, 1, 1) },
  { name: 'strided and dilated', x: [2, 3, 12, 11], cout: 4, group: 1, window: window(3, 2, 2, 2) },
  { name: 'grouped', x: [2, 4, 7, 7], cout: 6, group: 2, window: window(3) },
  { name: 'unevenly padded', x: [2, 3, 8, 7], cout: 4, group: 1, window: { ...window(3, 2), padEnd: [1, 2] } },
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

const BLOCKED_CASES: Case[] = [
  { name: 'whole blocks', x: [16, 32, 11, 9], cout: 48, group: 1, window: window(3, 1, 1) },
  { name: 'few channels, strided', x: [16, 3, 23, 21], cout: 16, group: 1, window: window(7, 2, 3) },
  { name: 'one channel', x: [32, 1, 12, 12], cout: 32, group: 1, window: window(5) },
  { name: 'one image', x: [1, 16, 21, 19], cout: 16, group: 1, window: window(3, 1, 1) },
  {
    name: 'three images, more bands than rows would fill',
    x: [3, 16, 7, 7],
    cout: 16,
    group: 1,
    window: window(3, 1, 1),
  },
  { name: 'ten images', x: [10, 16, 33, 30], cout: 32, group: 1, window: window(3, 1, 0) },
  { name: 'padded behind', x: [8, 16, 12, 14], cout: 32, group: 1, window: { ...window(3, 2), padEnd: [1, 1] } },
  {
    name: 'depthwise, padded on one side',
    x: [3, 32, 9, 9],
    cout: 32,
    group: 32,
    window: { ...window(3), pad: [2, 1] },
  },
  { name: 'strided and dilated', x: [8, 16, 29, 27], cout: 32, group: 1, window: window(3, 2, 2, 2) },
  { name: 'rows that no window reaches', x: [16, 16, 14, 12], cout: 16, group: 1, window: window(3, 4, 0) },
  { name: 'more steps than sets of their own', x: [2, 16, 21, 23], cout: 16, group: 1, window: window(8, 8, 2) },
  { name: 'pad beyond the kernel', x: [4, 16, 9, 9], cout: 16, group: 1, window: window(3, 1, 4) },
  { name: 'pointwise', x: [5, 32, 7, 6], cout: 64, group: 1, window: window(1) },
  { name: 'pointwise with pad', x: [5, 32, 7, 6], cout: 64, group: 1, window: window(1, 1, 1) },
  { name: 'pointwise, strided', x: [16, 32, 9, 9], cout: 16, group: 1, window: window(1, 2) },
  { name: 'grouped', x: [16, 64, 8, 8], cout: 96, group: 2, window: window(3, 1, 1) },
  { name: 'depthwise', x: [3, 48, 13, 12], cout: 48, group: 48, window: window(3, 1, 1) },
  { name: 'depthwise, strided', x: [3, 32, 13, 12], cout: 32, group: 32, window: window(3, 2, 1) },
  {
    name: 'many parts',
    x: [8, 16, 67, 310],
    cout: 16,
    group: 1,
    window: { kernel: [3, 5], stride: [1, 2], pad: [1, 0], padEnd: [1, 0], dilation: [1, 1] },
  },
  { name: 'channels that fill no blocks', x: [32, 20, 12, 12], cout: 50, group: 1, window: window(5) },
  { name: 'channels that fill no blocks, of one channel', x: [16, 1, 14, 14], cout: 20, group: 1, window: window(5) },
  { name: 'channels that fill no blocks, few images', x: [3, 12, 33, 17], cout: 27, group: 1, window: window(3, 2, 1) },
  { name: 'channels that fill no blocks, pointwise', x: [5, 32, 7, 6], cout: 23, group: 1, window: window(1) },
  { name: 'channels that fill no blocks, grouped', x: [16, 24, 8, 8], cout: 40, group: 2, window: window(3, 1, 1) },
  { name: 'far from filling a block', x: [16, 3, 8, 8], cout: 2, group: 1, window: window(3) },
  {
    name: 'the kernel of the whole image',
    x: [16, 32, 6, 5],
    cout: 32,
    group: 1,
    window: { kernel: [6, 5], stride: [1, 1], pad: [0, 0], padEnd: [0, 0], dilation: [1, 1] },
  },
];

/** The three products with the blocked kernels and without. */
async function bothForms({ x, cout, group, window: w }: Omit<Case, 'name'>) {
  const block = await channelBlock();
  expect([1, 8, 16]).toContain(block);
  const kernel = [cout, x[1] / group, ...w.kernel];
  const dyShape = [x[0], cout, ...outputSize(x, w)];
  const feeds = { x: values(x, 7), w: values(kernel, 13), b: values([cout], 5), dy: values(dyShape, 29) };
  const build = (g: GraphBuilder) => {
    const [xs, ws, dys] = [g.input('x', x), g.input('w', kernel), g.input('dy', dyShape)];
    return {
      y: convolve(g, xs, ws, g.input('b', [cout]), w, group),
      dx: inputGradient(g, dys, ws, x, w, group),
      dw: kernelGradient(g, xs, dys, kernel, w, group),
    };
  };
  const blocked = (threads: number) => runGraph(build, feeds, threads, block);
  return { plain: await runGraph(build, feeds, 1, 1), blocked };
}

test.each(BLOCKED_CASES)('$name: blocked kernels give what the others do', async (shape) => {
  const { plain, blocked } = await bothForms(shape);
  const alone = await blocked(1);
  for (const name of ['y', 'dx', 'dw']) expect(relativeError(alone[name]!, plain[name]!)).toBeLessThan(5e-6);
  for (const threads of [2, 3, 8]) expect(hashes(await blocked(threads))).toEqual(hashes(alone));
});

test('blocked kernels give what the others do for any window', async () => {
  const pair = (min: number, max: number) => fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));
  const shapes = fc
    .record({
      n: fc.integer({ min: 1, max: 17 }),
      size: pair(1, 9),
      kernel: pair(1, 4),
      stride: pair(1, 3),
      pad: pair(0, 3),
      padEnd: pair(0, 3),
      dilation: pair(1, 2),
      depthwise: fc.boolean(),
      outputs: fc.constantFrom(20, 27, 32),
    })
    .filter(({ size, kernel, pad, padEnd, dilation }) =>
      size.every((length, axis) => length + pad[axis]! + padEnd[axis]! > dilation[axis]! * (kernel[axis]! - 1)),
    );
  await fc.assert(
    fc.asyncProperty(shapes, async ({ n, size, kernel, stride, pad, padEnd, dilation, depthwise, outputs }) => {
      const [cin, cout, group] = depthwise ? [16, 16, 16] : [16, outputs, 1];
      const shape: Omit<Case, 'name'> = {
        x: [n, cin, ...size],
        cout,
        group,
        window: { kernel, stride, pad, padEnd, dilation },
      };
      const { plain, blocked } = await bothForms(shape);
      const alone = await blocked(1);
      for (const name of ['y', 'dx', 'dw']) expect(relativeError(alone[name]!, plain[name]!)).toBeLessThan(5e-6);
    }),
    { numRuns: 60, seed: 1 },
  );
});
