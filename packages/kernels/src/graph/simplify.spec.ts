import { encodeModel } from './encode-model.ts';
import { GraphBuilder, type Value } from './graph-builder.ts';
import { intoBlocks, outOfBlocks } from './in-blocks.ts';
import * as ops from './ops.ts';
import { channelAffine } from './channel-affine.ts';
import { simplified } from './simplify.ts';

const SHAPE = [2, 16, 4, 4];

/** The operators of a graph in blocks of 16, in order. */
function operatorsOf(build: (g: GraphBuilder, x: Value, z: Value) => Record<string, Value>): string[] {
  const g = new GraphBuilder({ channelBlock: 16 });
  const [x, z] = ['x', 'z'].map((name) => outOfBlocks(g, intoBlocks(g, g.input(name, SHAPE)))) as [Value, Value];
  for (const [name, value] of Object.entries(build(g, x, z))) g.output(name, value);
  return simplified(g).nodes.map(({ op, attributes }) => {
    const activation = attributes.get('activation')?.value;
    return typeof activation === 'string' ? `${op} ${activation}` : op;
  });
}

const vector = (g: GraphBuilder, value: number) => g.constant('float', [16], Array<number>(16).fill(value));

test('what no output depends on is left out', () => {
  expect(operatorsOf((g, x, z) => ({ y: (ops.mul(g, x, z), ops.abs(g, x)) }))).toEqual([
    'ReorderInput',
    'Abs',
    'ReorderOutput',
  ]);
});

test('maps of channels and the ReLU behind them are one convolution', () => {
  const operators = operatorsOf((g, x) => {
    const map = channelAffine(g, channelAffine(g, x, vector(g, 2)), vector(g, 3), vector(g, 1));
    return { y: ops.relu(g, map) };
  });
  expect(operators.filter((op) => !/Reorder|Reshape/.test(op))).toEqual(['Mul', 'Conv Relu']);
});

test('a ReLU of what others read stays a node of its own', () => {
  const operators = operatorsOf((g, x) => {
    const map = channelAffine(g, x, vector(g, 2));
    return { y: ops.relu(g, map), sum: ops.total(g, map) };
  });
  expect(operators).toContain('Relu');
  expect(operators).not.toContain('Conv Relu');
});

test('two maps that are summed are two convolutions, of which one adds', () => {
  const operators = operatorsOf((g, x, z) => ({
    y: ops.add(g, channelAffine(g, x, vector(g, 2)), channelAffine(g, z, vector(g, 3))),
  }));
  expect(operators.filter((op) => op === 'Conv' || op === 'Add')).toEqual(['Conv', 'Conv']);
});

test('a sum with what others read is no part of a convolution: its memory would be copied', () => {
  const operators = operatorsOf((g, x, z) => {
    const other = ops.abs(g, z);
    return { y: ops.add(g, channelAffine(g, x, vector(g, 2)), other), other: ops.total(g, other) };
  });
  expect(operators).toContain('Add');
});

test('an output is made where it is computed, and copied where two outputs are one value or an input', () => {
  const operators = operatorsOf((g, x) => {
    const y = ops.abs(g, x);
    return { y, again: y, input: g.valueOf('x')! };
  });
  expect(operators.filter((op) => op === 'Identity')).toHaveLength(2);
});

test('of the backward pass, what only the forward pass goes into stands behind that', () => {
  const g = new GraphBuilder();
  const x = g.input('x', [4]);
  const y = ops.exp(g, x);
  const gradient = g.backward(() => {
    const dy = ops.neg(g, ops.sqrt(g, y));
    return ops.mul(g, ops.mul(g, dy, g.scalar(2)), ops.abs(g, x));
  });
  g.output('dx', gradient);
  const operators = simplified(g).nodes.map(({ op }) => op);
  expect(operators.indexOf('Abs')).toBeLessThan(operators.indexOf('Exp'));
});

test('a plain graph keeps its nodes', () => {
  const g = new GraphBuilder({ plain: true });
  g.output('y', ops.abs(g, g.input('x', [4])));
  expect(simplified(g).nodes.map(({ op }) => op)).toEqual(['Abs', 'Identity']);
  expect(encodeModel(g, { name: 'plain' }).length).toBeGreaterThan(0);
});
