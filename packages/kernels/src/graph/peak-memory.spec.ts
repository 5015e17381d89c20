import { GraphBuilder, type Value } from './graph-builder.ts';
import * as ops from './ops.ts';
import { peakMemory } from './peak-memory.ts';

/** Bytes of a tensor of so many times 256 bytes, as they lie in memory. */
const KB = 1024;
const x = (g: GraphBuilder): Value => g.input('x', [KB]);

test('of a chain there are two tensors at once: what is read and what is made', () => {
  const g = new GraphBuilder();
  let value = g.op('Sin', [x(g)], {}, [KB]);
  for (let i = 0; i < 5; i++) value = g.op('Sin', [value], {}, [KB]);
  g.output('y', ops.total(g, value));
  expect(peakMemory(g).bytes).toBe(2 * 4 * KB);
});

test('an operator that works in place makes none', () => {
  const g = new GraphBuilder();
  const value = ops.relu(g, ops.add(g, g.op('Sin', [x(g)], {}, [KB]), g.scalar(1)));
  g.output('y', ops.total(g, value));
  expect(peakMemory(g).bytes).toBe(4 * KB);
});

test('but where another one reads its input later', () => {
  const g = new GraphBuilder();
  const sine = g.op('Sin', [x(g)], {}, [KB]);
  const sums = [ops.relu(g, sine), ops.exp(g, sine)].map((value) => ops.total(g, value));
  g.output('y', ops.sum(g, sums));
  expect(peakMemory(g).bytes).toBeGreaterThanOrEqual(2 * 4 * KB);
});

test('what is handed out stays, what is written into arrays of the caller is none of it', () => {
  const g = new GraphBuilder();
  g.output('a', g.op('Sin', [x(g)], {}, [KB]));
  g.output('b', g.op('Cos', [x2(g)], {}, [KB]));
  expect(peakMemory(g).bytes).toBe(0);
  expect(peakMemory(g, new Set(['a', 'b'])).bytes).toBe(2 * 4 * KB);
});

const x2 = (g: GraphBuilder): Value => g.input('x2', [KB]);

test('tensors are told by the nodes that made them, largest first', () => {
  const g = new GraphBuilder();
  const [small, large] = ['small', 'large'].map((name, i) =>
    g.within(name, () => g.op('Sin', [g.input(name, [KB * (i + 1)])], {}, [KB * (i + 1)])),
  ) as [Value, Value];
  const joined = g.within('joined', () => ops.concat(g, [small, large], 0));
  g.output('y', ops.total(g, joined));
  expect(peakMemory(g).tensors.map(({ node, bytes }) => [node.split('/')[0], bytes / KB])).toEqual([
    ['joined', 12],
    ['large', 8],
    ['small', 4],
  ]);
});
