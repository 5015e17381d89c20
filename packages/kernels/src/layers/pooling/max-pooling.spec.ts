import fc from 'fast-check';
import { elementCount, GraphBuilder, type Value } from '../../graph/graph-builder.ts';
import { channelBlock } from '../../graph/channel-block.ts';
import { parseLayer } from '../../testing/parse-layer.ts';
import { runGraph } from '../../testing/run-graph.ts';
import { lowerLayer } from '../one-layer.ts';
import { pooling } from './pooling.ts';

interface Case {
  shape: [number, number, number, number];
  kernel: [number, number];
  stride: [number, number];
  pad: [number, number];
  seed: number;
}

const layerOf = ({ kernel, stride, pad }: Case) =>
  parseLayer(
    'layer { name: "l" type: "Pooling" bottom: "x" top: "y" pooling_param { ' +
      `kernel_h: ${kernel[0]} kernel_w: ${kernel[1]} stride_h: ${stride[0]} stride_w: ${stride[1]} ` +
      `pad_h: ${pad[0]} pad_w: ${pad[1]} } }`,
  );

/** Small integers, so that many maxima are not alone. */
const integers = (count: number, seed: number, levels: number) =>
  Float32Array.from({ length: count }, (_, i) => {
    const hash = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b);
    return ((Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 12) % levels) - 2;
  });

/** Forward and backward as in Caffe's `pooling_layer.cpp`: a later element takes over only where it is larger. */
function poolByLoops({ shape, kernel, stride, pad }: Case, x: Float32Array, dy: Float32Array, size: number[]) {
  const [n, c, h, w] = shape;
  const [rows, columns] = size as [number, number];
  const y = new Float32Array(dy.length).fill(-3.4028234663852886e38);
  const dx = new Float32Array(x.length);
  for (let out = 0; out < dy.length; out++) {
    const plane = Math.floor(out / (rows * columns));
    const top = (Math.floor(out / columns) % rows) * stride[0] - pad[0];
    const left = (out % columns) * stride[1] - pad[1];
    let chosen = -1;
    for (let i = Math.max(top, 0); i < Math.min(top + kernel[0], h); i++) {
      for (let j = Math.max(left, 0); j < Math.min(left + kernel[1], w); j++) {
        const at = (plane * h + i) * w + j;
        if (x[at]! > y[out]!) [y[out], chosen] = [x[at]!, at];
      }
    }
    if (chosen >= 0) dx[chosen]! += dy[out]!;
  }
  expect(dy.length).toBe(n * c * rows * columns);
  return { y, dx };
}

/** What a graph gives, and the numbers that it is given. */
async function pooled(setting: Case, block: number, phase: 'TRAIN' | 'TEST', threads = 1) {
  const x = integers(elementCount(setting.shape), setting.seed, 5);
  const probe = lower(new GraphBuilder(), setting, phase);
  const top = probe.tops[0]!.shape;
  const dy = integers(elementCount(top), setting.seed + 1, 7);
  const build = (g: GraphBuilder) => {
    const { tops, backward } = lower(g, setting, phase);
    const [dx] = backward!([g.input('dy', top)], { bottoms: [true], params: [] }).bottoms;
    return { y: tops[0]!, dx: dx! } satisfies Record<string, Value>;
  };
  const { y, dx } = await runGraph(build, { x, dy }, threads, block);
  return { got: { y, dx }, expected: poolByLoops(setting, x, dy, top.slice(2)) };
}

const lower = (g: GraphBuilder, setting: Case, phase: 'TRAIN' | 'TEST') =>
  lowerLayer(pooling, layerOf(setting), { g, phase, bottoms: [g.input('x', setting.shape)], params: [] });

test('is what plain loops give, whatever the windows, with channels that fill blocks and that do not', async () => {
  const block = await channelBlock();
  const axis = fc
    .record({
      length: fc.integer({ min: 1, max: 9 }),
      kernel: fc.integer({ min: 1, max: 5 }),
      stride: fc.integer({ min: 1, max: 4 }),
      pad: fc.integer({ min: 0, max: 3 }),
    })
    .filter(({ length, kernel, pad }) => pad < kernel && length + 2 * pad >= kernel);
  const settings = fc
    .record({ n: fc.integer({ min: 1, max: 2 }), channels: fc.constantFrom(1, 3, 16, 32), rows: axis, columns: axis })
    .map(({ n, channels, rows, columns }): Omit<Case, 'seed'> => ({
      shape: [n, channels, rows.length, columns.length],
      kernel: [rows.kernel, columns.kernel],
      stride: [rows.stride, columns.stride],
      pad: [rows.pad, columns.pad],
    }));
  await fc.assert(
    fc.asyncProperty(settings, fc.nat(1000), fc.constantFrom('TRAIN', 'TEST'), async (setting, seed, phase) => {
      const { got, expected } = await pooled({ ...setting, seed }, block, phase);
      expect(got.y).toEqual(expected.y);
      // Without the sign of zero, which no later number depends on.
      expect(got.dx!.map((value) => value + 0)).toEqual(expected.dx);
    }),
    { numRuns: 60, seed: 5 },
  );
});

test.each([
  ['2 x 2 by 2', [2, 2], [2, 2], [0, 0]],
  ['3 x 3 by 2', [3, 3], [2, 2], [0, 0]],
  ['3 x 3 by 2 in padding', [3, 3], [2, 2], [1, 1]],
  ['3 x 3 by 1 in padding', [3, 3], [1, 1], [1, 1]],
] as const)('%s: the same for any number of threads', async (_, kernel, stride, pad) => {
  const setting: Case = { shape: [2, 32, 28, 28], kernel: [...kernel], stride: [...stride], pad: [...pad], seed: 3 };
  const block = await channelBlock();
  const [one, four] = [await pooled(setting, block, 'TRAIN'), await pooled(setting, block, 'TRAIN', 4)];
  expect(one.got.dx!.map((value) => value + 0)).toEqual(one.expected.dx);
  expect(four.got).toEqual(one.got);
});

test('a graph that nobody trains asks for no indices', () => {
  const g = new GraphBuilder();
  lower(g, { shape: [1, 3, 8, 8], kernel: [2, 2], stride: [2, 2], pad: [0, 0], seed: 0 }, 'TEST');
  expect(g.nodes.map(({ op, outputs }) => [op, outputs.length])).toEqual([['MaxPool', 1]]);
});
