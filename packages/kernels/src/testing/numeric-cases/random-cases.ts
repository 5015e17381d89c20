import { fixed, learned, type NumericCase, seededNumbers } from '../numeric-check.ts';

/** Layers that draw random numbers, beside loops over the same numbers; and layers without bottoms. */

const UNIFORM = (count: number, seed: number): Float32Array => seededNumbers([count], seed, 0, 1);

function chosen(x: Float64Array, uniform: Float32Array, plane: number, kernel: number, stride: number): Float64Array {
  const size = Math.ceil((plane - kernel) / stride) + 1;
  const planes = x.length / plane ** 2;
  const y = new Float64Array(planes * size ** 2);
  for (let i = 0; i < y.length; i++) {
    const [p, row, column] = [Math.floor(i / size ** 2), Math.floor(i / size) % size, i % size];
    const window: number[] = [];
    for (let r = row * stride; r < Math.min(row * stride + kernel, plane); r++) {
      for (let c = column * stride; c < Math.min(column * stride + kernel, plane); c++) {
        window.push(x[(p * plane + r) * plane + c]!);
      }
    }
    const threshold = uniform[i]! * window.reduce((a, b) => a + b, 0);
    let sum = 0;
    y[i] = window.find((value) => (sum += value) >= threshold)!;
  }
  return y;
}

const stochastic = (kernel: number, stride: number, size: number): NumericCase => {
  const uniform = UNIFORM(6 * size ** 2, 2);
  return {
    name: `Pooling STOCHASTIC in TRAIN, kernel ${kernel}, stride ${stride}`,
    layer: `layer { type: "Pooling" bottom: "x" top: "y"
    pooling_param { pool: STOCHASTIC kernel_size: ${kernel} stride: ${stride} } }`,
    bottoms: [learned([2, 3, 7, 7], 1, 0, 1)],
    randoms: [uniform],
    topShapes: [[2, 3, size, size]],
    forward: ([x]) => [chosen(x!, uniform, 7, kernel, stride)],
  };
};

/** The rows of each level side by side: [N, C], [N, C * 4], [N, C * 16]. */
const sideBySide = (n: number, levels: readonly Float64Array[]): number[] =>
  Array.from({ length: n }, (_, row) =>
    levels.flatMap((values) => [...values.slice((row * values.length) / n, ((row + 1) * values.length) / n)]),
  ).flat();

/** What STOCHASTIC pooling of planes in bins gives on average. */
function averaged(x: Float64Array, plane: number, bins: number): Float64Array {
  const length = plane / bins;
  return Float64Array.from({ length: (x.length / plane ** 2) * bins ** 2 }, (_, i) => {
    const [p, row, column] = [Math.floor(i / bins ** 2), Math.floor(i / bins) % bins, i % bins];
    const window = Array.from(
      { length: length ** 2 },
      (__, tap) => x[(p * plane + row * length + Math.floor(tap / length)) * plane + column * length + (tap % length)]!,
    );
    const sum = window.reduce((a, b) => a + b, 0);
    return window.reduce((a, b) => a + b * b, 0) / sum;
  });
}

const LEVELS = [1, 2, 4].map((bins) => UNIFORM(6 * bins ** 2, 20 + bins));

const MASK = UNIFORM(120, 4);

const dropout = (settings: string, kept: number, factor: number): NumericCase => ({
  name: `Dropout in TRAIN, ${settings || 'by default'}`,
  layer: `layer { type: "Dropout" bottom: "x" top: "y" dropout_param { ${settings} } }`,
  bottoms: [learned([3, 40], 3)],
  randoms: [MASK],
  topShapes: [[3, 40]],
  forward: ([x]) => [x!.map((value, i) => (MASK[i]! < kept ? value * factor : 0))],
});

export const RANDOM_CASES: NumericCase[] = [
  stochastic(2, 2, 4),
  stochastic(3, 2, 3),
  stochastic(3, 1, 5),
  stochastic(2, 3, 3),
  {
    name: 'Pooling STOCHASTIC in TEST',
    layer: `layer { type: "Pooling" bottom: "x" top: "y" pooling_param { pool: STOCHASTIC kernel_size: 3 stride: 2 } }`,
    phase: 'TEST',
    bottoms: [{ ...learned([1, 2, 6, 6], 5, 0, 1), learns: false }],
    topShapes: [[1, 2, 3, 3]],
    forward: ([x]) => [
      Float64Array.from({ length: 18 }, (_, i) => {
        const [p, row, column] = [Math.floor(i / 9), Math.floor(i / 3) % 3, i % 3];
        let [sum, squares] = [0, 0];
        for (let r = 2 * row; r < Math.min(2 * row + 3, 6); r++) {
          for (let c = 2 * column; c < Math.min(2 * column + 3, 6); c++) {
            const value = x![(p * 6 + r) * 6 + c]!;
            sum += value;
            squares += value * value;
          }
        }
        return squares / sum;
      }),
    ],
  },
  {
    name: 'SPP STOCHASTIC in TRAIN',
    layer: 'layer { type: "SPP" bottom: "x" top: "y" spp_param { pyramid_height: 3 pool: STOCHASTIC } }',
    bottoms: [learned([2, 3, 8, 8], 10, 0, 1)],
    randoms: LEVELS,
    topShapes: [[2, 63]],
    forward: ([x]) => [
      sideBySide(
        2,
        LEVELS.map((uniform, i) => chosen(x!, uniform, 8, 8 / 2 ** i, 8 / 2 ** i)),
      ),
    ],
  },
  {
    name: 'SPP STOCHASTIC in TEST',
    layer: 'layer { type: "SPP" bottom: "x" top: "y" spp_param { pyramid_height: 3 pool: STOCHASTIC } }',
    phase: 'TEST',
    bottoms: [{ ...learned([2, 3, 8, 8], 11, 0, 1), learns: false }],
    topShapes: [[2, 63]],
    forward: ([x]) => [
      sideBySide(
        2,
        [1, 2, 4].map((bins) => averaged(x!, 8, bins)),
      ),
    ],
  },
  {
    name: 'SPP of one level',
    layer: 'layer { type: "SPP" bottom: "x" top: "y" spp_param { pyramid_height: 1 pool: AVE } }',
    bottoms: [learned([2, 3, 4, 5], 12)],
    topShapes: [[2, 3, 1, 1]],
    forward: ([x]) => [
      Float64Array.from({ length: 6 }, (_, i) => x!.slice(20 * i, 20 * i + 20).reduce((a, b) => a + b, 0) / 20),
    ],
  },
  dropout('', 0.5, 2),
  dropout('dropout_ratio: 0.25', 0.75, 4 / 3),
  {
    ...dropout('dropout_ratio: 0.25 scale_train: false', 0.75, 1),
    layer: `layer { type: "Dropout" bottom: "x" top: "y" dropout_param { dropout_ratio: 0.25 scale_train: false } }`,
  },
  {
    name: 'Dropout in TEST, scale_train: false',
    layer: `layer { type: "Dropout" bottom: "x" top: "y" dropout_param { dropout_ratio: 0.25 scale_train: false } }`,
    phase: 'TEST',
    bottoms: [learned([3, 5], 3)],
    topShapes: [[3, 5]],
    forward: ([x]) => [x!.map((value) => value * 0.75)],
  },
  {
    name: 'DummyData, constant and random',
    layer: `layer { type: "DummyData" top: "a" top: "b" top: "c" dummy_data_param { shape { dim: 2 dim: 3 }
      data_filler { type: "constant" value: 0.5 } data_filler { type: "gaussian" std: 2 }
      data_filler { type: "uniform" min: -1 max: 1 } } }`,
    randoms: [seededNumbers([6], 6), seededNumbers([6], 7)],
    topShapes: [
      [2, 3],
      [2, 3],
      [2, 3],
    ],
    forward: () => [new Float64Array(6).fill(0.5), seededNumbers([6], 6), seededNumbers([6], 7)],
  },
  {
    name: 'Parameter',
    layer: 'layer { type: "Parameter" top: "p" parameter_param { shape { dim: 2 dim: 5 } } }',
    params: [learned([2, 5], 8)],
    topShapes: [[2, 5]],
    forward: ([p]) => [p!],
  },
  {
    name: 'Filter where the sizes of its tops are known',
    layer: 'layer { type: "Filter" bottom: "x" bottom: "s" top: "y" }',
    bottoms: [learned([4, 3], 9), fixed([4], [1, 0, 0, 1])],
    topShapes: [[2, 3]],
    forward: ([x]) => [[...x!.slice(0, 3), ...x!.slice(9)]],
  },
];
