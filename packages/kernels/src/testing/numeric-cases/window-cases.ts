import { learned, type NumericCase } from '../numeric-check.ts';

/**
 * Convolutions of other numbers of axes and with channels on other axes, dilated deconvolutions, means without the padding,
 * and resizing to the size of another blob.
 */

const { floor, min } = Math;

/**
 * Convolution (or, transposed, Deconvolution) over any number of spatial axes: for each output and each tap of the kernel
 * the input under it.
 */
function slide(
  x: Float64Array,
  w: Float64Array,
  b: Float64Array | undefined,
  s: Sizes,
  transposed: boolean,
): Float64Array {
  const [inner, outer] = [count(s.input), count(s.output)];
  const y = new Float64Array(s.n * s.cout * outer);
  const places = (sizes: readonly number[], index: number): number[] =>
    sizes.map((size, axis) => floor(index / count(sizes.slice(axis + 1))) % size);
  const [perIn, perOut] = [s.cin / s.group, s.cout / s.group];
  for (let n = 0; n < s.n; n++) {
    for (let ci = 0; ci < s.cin; ci++) {
      for (let k = 0; k < perOut; k++) {
        const co = floor(ci / perIn) * perOut + k;
        for (let tap = 0; tap < count(s.kernel); tap++) {
          const at = places(s.kernel, tap);
          const weight = transposed
            ? w[(ci * perOut + k) * count(s.kernel) + tap]!
            : w[(co * perIn + (ci % perIn)) * count(s.kernel) + tap]!;
          // `near` slides; `far` is what the tap lies over.
          const [near, far] = transposed ? [s.input, s.output] : [s.output, s.input];
          for (let i = 0; i < count(near); i++) {
            const place = places(near, i).map((p, axis) => p * s.stride - padBefore(s, axis) + at[axis]! * s.dilation);
            if (place.some((p, axis) => p < 0 || p >= far[axis]!)) continue;
            const j = place.reduce((index, p, axis) => index * far[axis]! + p, 0);
            const [from, to] = transposed ? [i, j] : [j, i];
            const target = (n * s.cout + co) * outer + to;
            y[target] = y[target]! + weight * x[(n * s.cin + ci) * inner + from]!;
          }
        }
      }
    }
  }
  return b ? y.map((value, i) => value + b[floor(i / outer) % s.cout]!) : y;
}

interface Sizes {
  n: number;
  cin: number;
  cout: number;
  group: number;
  input: readonly number[];
  output: readonly number[];
  kernel: readonly number[];
  stride: number;
  pad: number;
  dilation: number;
  /** The padding of each side by itself, in the place of `pad`. */
  sides?: Sides;
}

interface Sides {
  l: number;
  r: number;
  t: number;
  b: number;
}

const padBefore = ({ pad, sides }: Sizes, axis: number): number => (sides ? [sides.t, sides.l][axis]! : pad);

const sideFields = ({ l, r, t, b }: Sides): string => `pad_l: ${l} pad_r: ${r} pad_t: ${t} pad_b: ${b}`;

const count = (shape: readonly number[]): number => shape.reduce((product, dim) => product * dim, 1);

function sliding(
  type: 'Convolution' | 'DepthwiseConvolution' | 'Deconvolution',
  name: string,
  sizes: Sizes,
  bias = true,
): NumericCase {
  const { n, cin, cout, group, input, output, kernel, stride, pad, dilation, sides } = sizes;
  const transposed = type === 'Deconvolution';
  const weights = transposed ? [cin, cout / group, ...kernel] : [cout, cin / group, ...kernel];
  return {
    name: `${type}, ${name}`,
    layer: `layer { type: "${type}" bottom: "x" top: "y" convolution_param { num_output: ${cout} group: ${group}
      ${kernel.map((length) => `kernel_size: ${length}`).join(' ')} stride: ${stride} ${sides ? sideFields(sides) : `pad: ${pad}`} dilation: ${dilation}
      bias_term: ${bias} } }`,
    bottoms: [learned([n, cin, ...input], 1)],
    params: [learned(weights, 2), ...(bias ? [learned([cout], 3)] : [])],
    topShapes: [[n, cout, ...output]],
    forward: ([x, w, b]) => [slide(x!, w!, b, sizes, transposed)],
  };
}

/** A case whose images are those of the axes `images`, before its channels on `axis`. */
function onAxis(axis: number, images: readonly number[], checked: NumericCase): NumericCase {
  const placed = (shape: readonly number[]) => [...images, ...shape.slice(1)];
  return {
    ...checked,
    name: `${checked.name}, channels on axis ${axis}`,
    layer: checked.layer.replace('convolution_param {', `convolution_param { axis: ${axis}`),
    bottoms: checked.bottoms!.map((blob) => ({ ...blob, shape: placed(blob.shape) })),
    topShapes: checked.topShapes.map(placed),
  };
}

const base = { n: 2, cin: 4, cout: 6, group: 1, stride: 1, pad: 0, dilation: 1 };

const POOLED = { kernel: [3, 4], stride: [2, 3], pad: [1, 2] } as const;

/** The mean of what lies under each window, of planes 6 x 7 in windows of `POOLED`; x outside of the plane does not count. */
function meansInside(x: Float64Array, [rows, columns]: Pair): Float64Array {
  const { kernel, stride, pad } = POOLED;
  const planes = x.length / 42;
  return Float64Array.from({ length: planes * rows * columns }, (_, i) => {
    const [p, row, column] = [floor(i / (rows * columns)), floor(i / columns) % rows, i % columns];
    const values: number[] = [];
    for (let tap = 0; tap < kernel[0] * kernel[1]; tap++) {
      const [r, c] = [
        row * stride[0] - pad[0] + floor(tap / kernel[1]),
        column * stride[1] - pad[1] + (tap % kernel[1]),
      ];
      if (r >= 0 && r < 6 && c >= 0 && c < 7) values.push(x[(p * 6 + r) * 7 + c]!);
    }
    return values.reduce((a, b) => a + b, 0) / values.length;
  });
}

/** `size` is that of the top. */
const excludingPadding = (name: string, settings: string, size: Pair): NumericCase => ({
  name: `Pooling AVE_EXC_PAD, ${name}`,
  layer: `layer { type: "Pooling" bottom: "x" top: "y" pooling_param { pool: AVE_EXC_PAD
    kernel_h: 3 kernel_w: 4 stride_h: 2 stride_w: 3 pad_h: 1 pad_w: 2 ${settings} } }`,
  bottoms: [learned([2, 3, 6, 7], 1)],
  topShapes: [[2, 3, ...size]],
  forward: ([x]) => [meansInside(x!, size)],
});

/** The windows 3 x 2 of planes 5 x 6, moved by 2 and 1, with a padding of 1 above, 2 below and 1 to the right. */
const ON_SIDES = { t: 1, b: 2, l: 0, r: 1 } as const;

/**
 * What `pool` makes of each window: of the elements of x in it, and of their number in the plane that is padded by
 * `ON_SIDES`.
 */
function pooledOnSides(x: Float64Array, [rows, columns]: Pair, pool: (values: number[], padded: number) => number) {
  return Float64Array.from({ length: (x.length / 30) * rows * columns }, (_, i) => {
    const [p, row, column] = [floor(i / (rows * columns)), floor(i / columns) % rows, i % columns];
    const values: number[] = [];
    let padded = 0;
    for (let r = 2 * row - ON_SIDES.t; r < 2 * row - ON_SIDES.t + 3; r++) {
      for (let c = column - ON_SIDES.l; c < column - ON_SIDES.l + 2; c++) {
        if (r < 5 + ON_SIDES.b && c < 6 + ON_SIDES.r) padded++;
        if (r >= 0 && r < 5 && c >= 0 && c < 6) values.push(x[(p * 5 + r) * 6 + c]!);
      }
    }
    return pool(values, padded);
  });
}

/** `size` is that of the top. */
const onSides = (
  method: string,
  settings: string,
  size: Pair,
  pool: (values: number[], padded: number) => number,
): NumericCase => ({
  name: `Pooling ${method}, each side with a padding of its own, ${settings}`,
  layer: `layer { type: "Pooling" bottom: "x" top: "y" pooling_param { pool: ${method}
    kernel_h: 3 kernel_w: 2 stride_h: 2 stride_w: 1 ${sideFields(ON_SIDES)} ${settings} } }`,
  bottoms: [learned([2, 3, 5, 6], 1)],
  topShapes: [[2, 3, ...size]],
  forward: ([x]) => [pooledOnSides(x!, size, pool)],
});

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Bilinear between the corners. */
function resized(x: Float64Array, planes: number, [h, w]: Pair, [rows, columns]: Pair): Float64Array {
  const along = (i: number, from: number, to: number) => (to > 1 ? (i * (from - 1)) / (to - 1) : 0);
  return Float64Array.from({ length: planes * rows * columns }, (_, i) => {
    const plane = floor(i / (rows * columns)) * h * w;
    const [y, z] = [along(floor(i / columns) % rows, h, rows), along(i % columns, w, columns)];
    const [top, left] = [floor(y), floor(z)];
    const [down, right] = [y - top, z - left];
    const at = (r: number, c: number) => x[plane + min(r, h - 1) * w + min(c, w - 1)]!;
    return (
      (1 - down) * ((1 - right) * at(top, left) + right * at(top, left + 1)) +
      down * ((1 - right) * at(top + 1, left) + right * at(top + 1, left + 1))
    );
  });
}

type Pair = [number, number];

const IM2COL: NumericCase = {
  name: 'Im2col, dilated',
  layer: `layer { type: "Im2col" bottom: "x" top: "y" convolution_param { kernel_size: 2 dilation: 2 pad: 1 stride: 2 } }`,
  bottoms: [learned([2, 3, 6, 5], 1)],
  topShapes: [[2, 12, 3, 3]],
  forward: ([x]) => [
    Float64Array.from({ length: 2 * 12 * 9 }, (_, i) => {
      const [n, channel, row, column] = [floor(i / 108), floor(i / 9) % 12, floor(i / 3) % 3, i % 3];
      const [c, tap] = [floor(channel / 4), channel % 4];
      const [r, q] = [2 * row - 1 + 2 * floor(tap / 2), 2 * column - 1 + 2 * (tap % 2)];
      return r < 0 || r >= 6 || q < 0 || q >= 5 ? 0 : x![((n * 3 + c) * 6 + r) * 5 + q]!;
    }),
  ],
};

/** A padding as TensorFlow's SAME has it, one on two sides only, and one by height alone. */
const SIDED: NumericCase[] = (['Convolution', 'Deconvolution'] as const).flatMap((type) => {
  const size = (from: readonly number[], to: readonly number[]) =>
    type === 'Convolution' ? { input: from, output: to } : { input: to, output: from };
  const kernel = [3, 3];
  return [
    sliding(type, 'SAME of a stride', {
      ...base,
      ...{ kernel, stride: 2, sides: { l: 0, r: 1, t: 0, b: 1 }, ...size([6, 8], [3, 4]) },
    }),
    sliding(type, 'each side with a padding of its own', {
      ...base,
      ...{ kernel, sides: { l: 1, r: 3, t: 2, b: 0 }, ...size([5, 4], [5, 6]) },
    }),
    sliding(type, 'one filter a channel, padded above and below', {
      ...base,
      ...{ cout: 4, group: 4, kernel, sides: { l: 0, r: 0, t: 1, b: 2 }, ...size([5, 4], [6, 2]) },
    }),
    sliding(type, 'dilated and grouped, padded on one side', {
      ...base,
      ...{ group: 2, kernel: [2, 3], dilation: 2, sides: { l: 2, r: 0, t: 0, b: 0 }, ...size([6, 7], [4, 5]) },
    }),
  ];
});

export const WINDOW_CASES: NumericCase[] = [
  sliding('Convolution', 'one spatial axis', { ...base, input: [9], output: [5], kernel: [3], stride: 2, pad: 1 }),
  sliding('Convolution', 'one spatial axis, groups and dilation', {
    ...base,
    ...{ group: 2, input: [9], output: [7], kernel: [3], dilation: 2, pad: 1 },
  }),
  sliding('Convolution', 'three spatial axes, strided', {
    ...base,
    ...{ cin: 2, cout: 3, input: [5, 4, 4], output: [3, 2, 2], kernel: [2, 3, 3], stride: 2, pad: 1 },
  }),
  sliding('Deconvolution', 'dilated', { ...base, input: [4, 5], output: [6, 7], kernel: [3, 3], dilation: 2, pad: 1 }),
  sliding('Deconvolution', 'one spatial axis', { ...base, input: [5], output: [10], kernel: [4], stride: 2, pad: 1 }),
  sliding(
    'Deconvolution',
    'groups, a stride and dilation, no bias',
    {
      ...base,
      ...{ group: 2, input: [3, 4], output: [9, 11], kernel: [3, 3], stride: 2, dilation: 2 },
    },
    false,
  ),
  onAxis(
    2,
    [3, 2],
    sliding('Convolution', 'strided, groups', {
      ...base,
      ...{ n: 6, group: 2, input: [5, 4], output: [3, 2], kernel: [3, 3], stride: 2, pad: 1 },
    }),
  ),
  onAxis(
    -2,
    [2, 1, 2],
    sliding('Convolution', 'one spatial axis', { ...base, n: 4, input: [9], output: [9], kernel: [3], pad: 1 }),
  ),
  onAxis(0, [], sliding('Convolution', 'no batch', { ...base, n: 1, input: [4, 5], output: [2, 3], kernel: [3, 3] })),
  onAxis(
    -3,
    [2, 3],
    sliding('Deconvolution', 'strided', {
      ...base,
      ...{ n: 6, input: [3, 2], output: [6, 4], kernel: [4, 4], stride: 2, pad: 1 },
    }),
  ),
  onAxis(
    2,
    [1, 2],
    sliding('DepthwiseConvolution', 'a group a channel', {
      ...base,
      ...{ cout: 4, group: 4, input: [5, 4], output: [5, 4], kernel: [3, 3], pad: 1 },
    }),
  ),
  ...['DepthwiseConvolution', 'ConvolutionDepthwise', 'DepthwiseConv'].map((type) => {
    const sizes = { ...base, cout: 4, group: 4, input: [5, 4], output: [3, 2], kernel: [3, 3], stride: 2, pad: 1 };
    const checked = sliding('Convolution', 'a filter a channel, without group', sizes);
    const layer = checked.layer.replace('"Convolution"', `"${type}"`).replace('group: 4', '');
    return { ...checked, name: checked.name.replace('Convolution', type), layer };
  }),
  {
    name: 'Interp to the size of a second bottom',
    layer: 'layer { type: "Interp" bottom: "x" bottom: "like" top: "y" }',
    bottoms: [learned([2, 3, 4, 5], 1), { ...learned([1, 7, 9, 8], 2), learns: false }],
    topShapes: [[2, 3, 9, 8]],
    forward: ([x]) => [resized(x!, 6, [4, 5], [9, 8])],
  },
  excludingPadding('rounded up', '', [4, 3]),
  excludingPadding('rounded down', 'ceil_mode: false', [3, 3]),
  // 5 + 1 + 2 rows in windows of 3 by 2: (8 - 3) / 2 + 1 is 3.5.
  ...(
    [
      ['ceil_mode: false', [3, 6]],
      ['', [3, 6]],
    ] as [string, Pair][]
  ).flatMap(([settings, size]) => [
    onSides('MAX', settings, size, (values) => Math.max(...values)),
    onSides('AVE', settings, size, (values, padded) => sum(values) / padded),
    onSides('AVE_EXC_PAD', settings, size, (values) => sum(values) / values.length),
  ]),
  ...SIDED,
  IM2COL,
  onAxis(2, [1, 2], IM2COL),
];
