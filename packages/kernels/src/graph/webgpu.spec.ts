import { jest } from '@jest/globals';
import { hasWebgpuAdapter } from '../testing/webgpu-adapter.ts';
import type { GraphBuilder, Shape, Value } from './graph-builder.ts';
import { hiddenInputs } from './hidden-inputs.ts';
import * as ops from './ops.ts';
import { runGraph, runGraphOn } from './run-once.ts';
import { WEBGPU, WEBGPU_RULES, type WebgpuRule, webgpuProvider } from './webgpu.ts';

const node = { op: 'Conv', name: 'conv/1', outputs: 1, spatialAxes: 2, takesConstant: true };

describe('the provider is told', () => {
  test.each([
    ['nothing of other nodes, since an empty list is an error', [node], undefined],
    ['a MaxPool with Indices', [node, { ...node, op: 'MaxPool', name: 'pool/1', outputs: 2 }], ['pool/1']],
    ['no other MaxPool', [{ ...node, op: 'MaxPool' }], undefined],
    ['a ConvTranspose over a volume', [{ ...node, op: 'ConvTranspose', spatialAxes: 3 }], ['conv/1']],
    ['a comparison of two tensors', [{ ...node, op: 'Less', takesConstant: false }], ['conv/1']],
    ['no comparison with a number, as in ReLU', [{ ...node, op: 'Greater' }], undefined],
    ['no other ConvTranspose', [{ ...node, op: 'ConvTranspose' }], undefined],
  ])('%s', (_, nodes, forceCpuNodeNames) => {
    const provider = { name: 'webgpu', preferredLayout: 'NCHW' };
    expect(webgpuProvider(nodes)).toStrictEqual(forceCpuNodeNames ? { ...provider, forceCpuNodeNames } : provider);
  });
});

const hasAdapter = hasWebgpuAdapter('that the table of what WebGPU has wrong is still true');

/** Numbers between -1 and 1. */
const numbers = (count: number) => Float32Array.from({ length: count }, (_, i) => ((i * 37) % 101) / 50 - 1);

interface Graph {
  build: (g: GraphBuilder) => Record<string, Value>;
  feeds: Record<string, Float32Array>;
}

/** A convolution of [2, 4, 5, 5] with kernels of 3 x 3. */
const convolution = (op: 'Conv' | 'ConvTranspose', weights: number[], group: number, to: number[]): Graph => ({
  build: (g) => ({
    y: g.op(op, [g.input('x', [2, 4, 5, 5]), g.input('w', weights)], { group, kernel_shape: [3, 3] }, to),
  }),
  feeds: { x: numbers(200), w: numbers(weights.reduce((a, b) => a * b)) },
});

const groupedConv = convolution('Conv', [12, 2, 3, 3], 2, [2, 12, 3, 3]);
const groupedTranspose = convolution('ConvTranspose', [4, 1, 3, 3], 2, [2, 2, 7, 7]);
const volume: Graph = {
  build: (g) => ({
    y: g.op(
      'ConvTranspose',
      [g.input('x', [1, 2, 3, 3, 3]), g.input('w', [2, 2, 2, 2, 2])],
      { kernel_shape: [2, 2, 2] },
      [1, 2, 4, 4, 4],
    ),
  }),
  feeds: { x: numbers(54), w: numbers(32) },
};
const indices: Graph = {
  build: (g) => {
    const outputs = [
      { shape: [1, 1, 2, 2], type: 'float' as const },
      { shape: [1, 1, 2, 2], type: 'int64' as const },
    ];
    const [y, at] = g.multi(
      'MaxPool',
      [g.input('x', [1, 1, 4, 4])],
      { kernel_shape: [2, 2], strides: [2, 2] },
      outputs,
    );
    return { y: y!, at: ops.cast(g, at!, 'float') };
  },
  feeds: { x: numbers(16) },
};
const saturated: Graph = {
  build: (g) => {
    const conv = g.op('Conv', [g.input('x', [1, 1, 3, 3]), g.input('w', [1, 1, 1, 1])], {}, [1, 1, 3, 3]);
    return { y: g.op('Tanh', [conv], {}, [1, 1, 3, 3]) };
  },
  feeds: { x: numbers(9), w: Float32Array.of(200) },
};
const masked: Graph = {
  build: (g) => {
    const outputs = [
      { shape: [1, 6], type: 'float' as const },
      { shape: [1, 6], type: 'int64' as const },
    ];
    const [, at] = g.multi('TopK', [g.input('x', [1, 6]), g.ints([6])], { axis: 1, largest: 1, sorted: 1 }, outputs);
    return { at: ops.cast(g, at!, 'float') };
  },
  feeds: { x: Float32Array.of(3, -Infinity, 5, -Infinity, 1, 2) },
};
/** Of 0, 1, .., 5 the elements 3, 2, 1. */
const partialReversal: Graph = {
  build: (g) => ({
    y: g.op('Slice', [g.input('x', [6]), g.ints([3]), g.ints([0]), g.ints([0]), g.ints([-1])], {}, [3]),
  }),
  feeds: { x: numbers(6) },
};

/** y of x and w, which is of x's shape and of whole numbers where it is `int64`. */
const ofTwo = (
  x: number[],
  w: number[],
  type: 'float' | 'int64',
  build: (g: GraphBuilder, x: Value, w: Value) => Value,
): Graph => ({
  build: (g) => ({ y: build(g, g.input('x', [x.length]), ops.cast(g, g.input('w', [w.length]), type)) }),
  feeds: { x: Float32Array.from(x), w: Float32Array.from(w) },
});
const indexing = (op: string, shape: Shape) =>
  ofTwo([1, 2, 3], [1, 5], 'int64', (g, x, at) => g.op(op, [x, at], { axis: 0 }, shape));
const scattering = ofTwo([1, 2], [1, 5], 'int64', (g, x, at) =>
  g.op('ScatterElements', [ops.zeros(g, [4]), at, x], { axis: 0 }, [4]),
);
const comparing = (op: string) =>
  ofTwo([1, -1e-40, 1e-40], [2, 0, 0], 'float', (g, x, w) => ops.indicator(g, g.op(op, [x, w], {}, x.shape, 'bool')));

/** What makes a number of NaN there. */
const HIDING: Readonly<Record<string, (g: GraphBuilder, x: Value) => Value>> = {
  Relu: ops.relu,
  Sigmoid: ops.sigmoid,
  Softmax: (g, x) => ops.softmax(g, x, 0),
  Clip: (g, x) => ops.clip(g, x, -1, 1),
};
const withNaN = Float32Array.of(1, 2, Number.NaN, 3);
const hiding = Object.entries(HIDING).map(([operator, build]): [string, Graph] => [
  `${operator} probe`,
  { build: (g) => ({ y: build(g, g.input('x', [4])) }), feeds: { x: withNaN } },
]);

/** Whether the device gives what the processor gives, or refuses what it refuses. */
async function isRight({ build, feeds }: Graph): Promise<boolean> {
  const expected = await runGraph(build, feeds).catch(() => undefined);
  const own = await runGraphOn('webgpu', build, feeds).catch(() => undefined);
  if (!expected || !own) return expected === own;
  return Object.entries(expected).every(([name, values]) =>
    values.every((value, i) => Object.is(own[name]![i], value) || Math.abs(own[name]![i]! - value) <= 1e-5),
  );
}

const GRAPHS: Readonly<Record<string, Graph>> = {
  'Conv layout': groupedConv,
  'ConvTranspose layout': groupedTranspose,
  'ConvTranspose processor': volume,
  'MaxPool processor': indices,
  'Gather processor': indexing('Gather', [2]),
  'GatherElements processor': indexing('GatherElements', [2]),
  'ScatterElements processor': scattering,
  'ReduceLogSum processor': {
    build: (g) => ({ y: ops.log(g, g.input('x', [3])) }),
    feeds: { x: Float32Array.of(1, -2, 3) },
  },
  'Pow processor': ofTwo([-2, 2], [0.5, 0.5], 'float', ops.pow),
  'Less processor': comparing('Less'),
  'Greater processor': comparing('Greater'),
  'TopK processor': masked,
  'Tanh optimizer': saturated,
  'Slice form': partialReversal,
  ...Object.fromEntries(hiding),
};

(hasAdapter ? describe : describe.skip)('on an adapter', () => {
  afterEach(() => jest.restoreAllMocks());

  test.each(WEBGPU_RULES.map((rule) => [rule.operator, rule.when, rule] as const))(
    '%s (%s) is wrong without the rule, and right with it',
    async (operator, _, rule) => {
      const graph = GRAPHS[`${operator} ${rule.avoidedBy}`]!;
      if (!['form', 'probe'].includes(rule.avoidedBy)) expect(await isRight(graph)).toBe(true);
      if (rule.avoidedBy === 'layout') jest.replaceProperty(WEBGPU, 'preferredLayout', 'NHWC');
      if (rule.avoidedBy === 'optimizer') jest.replaceProperty(WEBGPU, 'disabledOptimizers', []);
      if (rule.isOf) jest.spyOn(rule as Required<WebgpuRule>, 'isOf').mockReturnValue(false);
      // Where this fails a newer onnxruntime has it right, and the rule can go.
      expect(await isRight(graph)).toBe(false);
    },
  );

  test('what is compiled for one session is there for the next one', async () => {
    const build = (g: GraphBuilder) => {
      const x = g.input('x', [2, 4, 7, 9]);
      const conv = g.op('Conv', [x, g.input('w', [4, 4, 3, 3])], { kernel_shape: [3, 3] }, [2, 4, 5, 7]);
      return { y: ops.total(g, ops.exp(g, ops.neg(g, ops.abs(g, conv)))) };
    };
    const feeds = { x: numbers(504), w: numbers(144) };
    const cost = async () => {
      const before = process.cpuUsage();
      await runGraphOn('webgpu', build, feeds);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    const first = await cost();
    expect(await cost()).toBeLessThan(first / 2);
  });

  test('a reversal of a part of an axis is right in the form that we give it', async () => {
    const reversal = (g: GraphBuilder) => ops.slice(g, g.input('x', [6]), [{ axis: 0, start: 3, length: 3, step: -1 }]);
    const feeds = { x: Float32Array.of(0, 1, 2, 3, 4, 5) };
    const { y } = await runGraphOn('webgpu', (g) => ({ y: reversal(g) }), feeds);
    expect([...y!]).toEqual([3, 2, 1]);
  });

  test.each(Object.entries(HIDING))('what hides a NaN, %s, is looked at before', async (_, build) => {
    const graph = (g: GraphBuilder) => {
      g.output('y', build(g, ops.neg(g, g.input('x', [4]))));
      const probes = hiddenInputs(g).map((value) => ops.total(g, value));
      return { probe: ops.sum(g, probes) };
    };
    const { probe } = await runGraphOn('webgpu', graph, { x: withNaN });
    expect([...probe!]).toEqual([Number.NaN]);
  });
});
