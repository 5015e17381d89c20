import { runGraph } from '../testing/run-graph.ts';
import { GraphBuilder, type Shape, type Value } from './graph-builder.ts';
import * as ops from './ops.ts';

const SHAPES: Shape[] = [
  [2, 3, 5, 4],
  [7, 33, 13, 13],
  [3, 20, 24, 24],
  [2, 3, 112, 112],
  [1, 7, 131, 113],
];

const FORMS: Record<string, (g: GraphBuilder, x: Value) => Value> = {
  'sum over all but the channels': (g, x) => ops.reduceSum(g, x, [0, 2, 3]),
  'sum over the channels': (g, x) => ops.reduceSum(g, x, [1], true),
  'sum over rows': (g, x) => ops.reduceSum(g, x, [0, 2]),
  'sum over the plane': (g, x) => ops.reduceSum(g, x, [2, 3]),
  'sum over the batch': (g, x) => ops.reduceSum(g, x, [0]),
  'sum of everything': (g, x) => ops.total(g, x),
  'mean of a product': (g, x) => ops.reduceMean(g, ops.mul(g, x, x), [0, 2, 3]),
  logarithm: (g, x) => ops.log(g, ops.abs(g, x)),
  'exponential function': (g, x) => ops.exp(g, x),
  power: (g, x) => ops.pow(g, ops.abs(g, x), g.scalar(-0.7)),
  'hyperbolic tangent': (g, x) => ops.tanh(g, x),
};

describe.each(Object.entries(FORMS))('%s', (_name, form) => {
  test.each(SHAPES.map((shape) => [shape.join(' x '), shape] as const))(
    '%s: the same bytes for any number of threads, wherever the input lies in memory',
    async (_label, shape) => {
      const count = shape.reduce((a, b) => a * b);
      const results = [];
      for (const [run, threads] of [1, 1, 2, 3, 4, 8].entries()) {
        const memory = new Float32Array(count + run).subarray(run);
        for (let i = 0; i < count; i++) memory[i] = 3 * Math.sin(1.37 * i);
        const { y } = await runGraph((g) => ({ y: form(g, g.input('x', shape)) }), { x: memory }, threads);
        results.push(Buffer.from(y!.buffer, y!.byteOffset, y!.byteLength));
      }
      for (const result of results) expect(result.equals(results[0]!)).toBe(true);
    },
  );
});

test.each([
  [[0, 2, 3], false, [3], [6, 6, 6]],
  [[1], true, [2, 1, 1, 3], [3, 3, 3, 3, 3, 3]],
  [[0, 1, 2, 3], false, [], [18]],
  [[1, 3], false, [2, 1], [9, 9]],
  [[], true, [2, 3, 1, 3], new Array(18).fill(1)],
] as const)('a sum of ones over axes %p counts them', async (axes, keep, shape, expected) => {
  const build = (g: GraphBuilder) => ({ y: ops.reduceSum(g, g.input('x', [2, 3, 1, 3]), axes, keep) });
  const { y } = await runGraph(build, { x: new Float32Array(18).fill(1) });
  expect([...y!]).toEqual(expected);
  expect(
    ops.reduceSum(new GraphBuilder(), { name: 'x', shape: [2, 3, 1, 3], type: 'float' }, axes, keep).shape,
  ).toEqual(shape);
});

test.each<[string, Shape]>([
  ['a number', []],
  ['rows', [70, 1, 1, 1]],
  ['columns', [1, 70, 1, 1]],
  ['one element', [1, 1]],
])('last axes of length 1 are left out where %s broadcast, and come back', async (_name, shape) => {
  const count = shape.reduce((a, b) => a * b, 1);
  const x = Float32Array.from({ length: 4900 }, (_, i) => i % 101);
  const y = Float32Array.from({ length: count }, (_, i) => i + 2);
  const build = (g: GraphBuilder) => {
    const [a, b] = [g.input('x', [70, 70, 1, 1]), g.input('y', shape)];
    const product = ops.mul(g, a, b);
    expect(product.shape).toEqual([70, 70, 1, 1]);
    return { product, difference: ops.sub(g, b, a), above: ops.indicator(g, ops.greater(g, a, b)) };
  };
  const out = await runGraph(build, { x, y });
  const factor = (i: number) => y[count === 1 ? 0 : shape[0] === 70 ? Math.floor(i / 70) : i % 70]!;
  expect(Array.from(out['product']!)).toEqual(Array.from(x, (v, i) => v * factor(i)));
  expect(Array.from(out['difference']!)).toEqual(Array.from(x, (v, i) => factor(i) - v));
  expect(Array.from(out['above']!)).toEqual(Array.from(x, (v, i) => (v > factor(i) ? 1 : 0)));
});
