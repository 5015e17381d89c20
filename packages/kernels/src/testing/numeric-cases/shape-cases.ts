import { learned, type NumericCase } from '../numeric-check.ts';

/** Layers that only move numbers. */

/** The top of farmingyard's `Resize_cpu`: channel i * columns + j goes to j * rows + i. */
function shuffled(x: Float64Array, [images, channels, ...rest]: readonly number[], rows: number): Float64Array {
  const pixels = rest.reduce((product, dim) => product * dim, 1);
  const columns = channels! / rows;
  const y = new Float64Array(x.length);
  for (let n = 0; n < images!; n++) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const [from, to] = [n * channels! + i * columns + j, n * channels! + j * rows + i];
        for (let pixel = 0; pixel < pixels; pixel++) y[to * pixels + pixel] = x[from * pixels + pixel]!;
      }
    }
  }
  return y;
}

const shuffling = (shape: readonly number[], group?: number): NumericCase => ({
  name: `ShuffleChannel of [${shape.join(', ')}], ${group === undefined ? 'by default' : `group ${group}`}`,
  layer: `layer { type: "ShuffleChannel" bottom: "x" top: "y"
    ${group === undefined ? '' : `shuffle_channel_param { group: ${group} }`} }`,
  bottoms: [learned([...shape], 1)],
  topShapes: [[...shape]],
  forward: ([x]) => [shuffled(x!, shape, group ?? 1)],
});

/** [2, 12, 2, 3] to [2, 3, 4, 6], as `Forward_cpu` of intel/caffe's and of Synopsys' `reshape_layer.cpp` goes over x. */
const PIXELS: NumericCase = {
  name: 'Reshape, channels to pixels',
  layer: 'layer { type: "Reshape" bottom: "x" top: "y" reshape_param { pixelshuffler: 2 } }',
  bottoms: [learned([2, 12, 2, 3], 4)],
  topShapes: [[2, 3, 4, 6]],
  forward([x]) {
    const y = new Float64Array(x!.length);
    x!.forEach((value, index) => {
      const [n, c, h, w] = [Math.floor(index / 72), Math.floor(index / 6) % 12, Math.floor(index / 3) % 2, index % 3];
      const [row, column] = [2 * h + (Math.floor(c / 2) % 2), 2 * w + (c % 2)];
      y[((n * 3 + Math.floor(c / 4)) * 4 + row) * 6 + column] = value;
    });
    return [y];
  },
};

export const SHAPE_CASES: NumericCase[] = [
  PIXELS,
  {
    name: 'Squeeze of two axes, one of them from the end',
    layer: 'layer { type: "Squeeze" bottom: "x" top: "y" squeeze_param { axis: -1 axis: 1 } }',
    bottoms: [learned([2, 1, 3, 1, 1], 5)],
    topShapes: [[2, 3, 1]],
    forward: ([x]) => [x!],
  },
  shuffling([2, 6, 3, 2], 2),
  shuffling([2, 6, 3, 2], 3),
  shuffling([1, 8, 2, 2], 8),
  shuffling([2, 12], 4),
  shuffling([2, 6, 2, 1, 3], 2),
  shuffling([2, 4, 2, 2]),
];
