import { runGraph } from '../../testing/run-graph.ts';
import { product } from './product.ts';

const { imul } = Math;

function noise(length: number): Float32Array {
  const values = new Float32Array(length);
  let state = 12345;
  for (let i = 0; i < length; i++) {
    state = (imul(state, 1664525) + 1013904223) >>> 0;
    values[i] = state / 2 ** 31 - 1;
  }
  return values;
}

/** The products of LeNet's training step at batch 64, and shapes that onnxruntime is known to split by thread. */
const SHAPES = [
  [64, 800, 500],
  [500, 64, 800],
  [64, 500, 10],
  [10, 64, 500],
  [20, 36864, 25],
  [50, 4096, 20],
  [20, 1024, 32],
  [8, 18432, 25],
  [64, 16, 1030],
  [33, 128, 2050],
  [3, 127, 700],
  [1, 128, 640],
  [2, 5, 33],
  [40, 129, 900],
] as const;

test.each(SHAPES)('%d x %d x %d: right, and the same bytes for every number of threads', async (m, k, n) => {
  const a = noise(m * k);
  const b = noise(k * n);
  const run = async (transposeA: boolean, transposeB: boolean, threads: number) => {
    const build = (g: Parameters<typeof product>[0]) => ({
      y: product(g, g.input('a', transposeA ? [k, m] : [m, k]), g.input('b', transposeB ? [n, k] : [k, n]), {
        transposeA,
        transposeB,
      }),
    });
    const feeds = { a: transposeA ? transposed(a, m, k) : a, b: transposeB ? transposed(b, k, n) : b };
    return (await runGraph(build, feeds, threads))['y']!;
  };
  const expected = (row: number, column: number) => {
    let sum = 0;
    for (let i = 0; i < k; i++) sum += a[row * k + i]! * b[i * n + column]!;
    return sum;
  };
  for (const transposeA of [false, true]) {
    for (const transposeB of [false, true]) {
      const one = await run(transposeA, transposeB, 1);
      for (const [row, column] of [
        [0, 0],
        [m - 1, n - 1],
        [Math.min(1, m - 1), n - 2],
      ] as const) {
        expect(Math.abs(one[row * n + column]! - expected(row, column))).toBeLessThan(1e-4 * Math.sqrt(k));
      }
      for (const threads of [2, 3, 4, 8]) {
        const several = await run(transposeA, transposeB, threads);
        expect(Buffer.from(several.buffer).equals(Buffer.from(one.buffer))).toBe(true);
      }
    }
  }
});

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) result[j * rows + i] = values[i * columns + j]!;
  return result;
}
