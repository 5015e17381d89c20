import { jest } from '@jest/globals';
import { hasWebgpuAdapter } from '../testing/webgpu-adapter.ts';
import type { GraphBuilder, Value } from './graph-builder.ts';
import * as ops from './ops.ts';
import { runGraph, runGraphOn } from './run-once.ts';
import { WEBGPU, WEBGPU_RULES, type WebgpuRule, webgpuProvider } from './webgpu.ts';

const node = { op: 'Conv', name: 'conv/1', outputs: 1, spatialAxes: 2 };

describe('the provider is told', () => {
  test.each([
    ['nothing of other nodes, since an empty list is an error', [node], undefined],
    ['a MaxPool with Indices', [node, { ...node, op: 'MaxPool', name: 'pool/1', outputs: 2 }], ['pool/1']],
    ['no other MaxPool', [{ ...node, op: 'MaxPool' }], undefined],
    ['a ConvTranspose over a volume', [{ ...node, op: 'ConvTranspose', spatialAxes: 3 }], ['conv/1']],
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
const partialReversal: Graph = {
  build: (g) => ({ y: ops.slice(g, g.input('x', [6]), [{ axis: 0, start: 3, length: 3, step: -1 }]) }),
  feeds: { x: numbers(6) },
};

const outside: Graph = {
  build: (g) => ({
    y: g.op('Gather', [g.input('x', [3]), ops.cast(g, g.input('at', [2]), 'int32')], { axis: 0 }, [2]),
  }),
  feeds: { x: numbers(3), at: Float32Array.of(1, 5) },
};

/** Whether the device gives what the processor gives, or refuses what it refuses. */
async function isRight({ build, feeds }: Graph): Promise<boolean> {
  const expected = await runGraph(build, feeds).catch(() => undefined);
  const own = await runGraphOn('webgpu', build, feeds).catch(() => undefined);
  if (!expected || !own) return expected === own;
  return Object.entries(expected).every(([name, values]) =>
    values.every((value, i) => Math.abs(own[name]![i]! - value) <= 1e-5),
  );
}

const GRAPHS: Readonly<Record<string, Graph>> = {
  'Conv layout': groupedConv,
  'ConvTranspose layout': groupedTranspose,
  'ConvTranspose processor': volume,
  'MaxPool processor': indices,
  'Gather processor': outside,
  'Tanh optimizer': saturated,
  'TopK form': masked,
  'Slice form': partialReversal,
};

(hasAdapter ? describe : describe.skip)('on an adapter', () => {
  afterEach(() => jest.restoreAllMocks());

  test.each(WEBGPU_RULES.map((rule) => [rule.operator, rule.when, rule] as const))(
    '%s (%s) is wrong without the rule, and right with it',
    async (operator, _, rule) => {
      const graph = GRAPHS[`${operator} ${rule.avoidedBy}`]!;
      if (rule.avoidedBy !== 'form') expect(await isRight(graph)).toBe(true);
      if (rule.avoidedBy === 'layout') jest.replaceProperty(WEBGPU, 'preferredLayout', 'NHWC');
      if (rule.avoidedBy === 'optimizer') jest.replaceProperty(WEBGPU, 'disabledOptimizers', []);
      if (rule.isOf) jest.spyOn(rule as Required<WebgpuRule>, 'isOf').mockReturnValue(false);
      // Where this fails a newer onnxruntime has it right, and the rule can go.
      expect(await isRight(graph)).toBe(false);
    },
  );
});
