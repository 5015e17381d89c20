import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementCount, type GraphBuilder, type Value } from '../../graph/graph-builder.ts';
import { check, layerKernel } from '../layer.ts';
import { product } from '../inner-product/product.ts';

/**
 * Interp: bilinear resizing whose corners stay corners. First `pad_beg` and `pad_end` (0 or less) crop; then
 * `zoom_factor` z makes (n - 1) z + 1 of n, `shrink_factor` s makes floor((n - 1) / s) + 1, or `height` and `width` say; some
 * forks take the size from a second bottom.
 * Each axis is a product with a matrix of two weights a row, whose transpose is the gradient. x [N, C, H, W].
 * Source: `interp_layer.cpp` of PSPNet (hszhao) and DeepLab.
 */
export const interp = layerKernel({
  type: 'Interp',
  bottoms: [1, 2],
  tops: 1,
  fields: { interp_param: { ...read('height', 'width', 'zoom_factor', 'shrink_factor', 'pad_beg', 'pad_end') } },
  settings({ interp_param: param }): InterpSettings {
    const { pad_beg: begin = 0, pad_end: end = 0, zoom_factor, shrink_factor, height = 0, width = 0 } = param ?? {};
    check(begin <= 0 && end <= 0, () => 'pad_beg and pad_end crop: they must be 0 or negative');
    const pad = { begin, end };
    if (zoom_factor === undefined && shrink_factor === undefined) {
      return { pad, size: height > 0 && width > 0 ? [height, width] : undefined };
    }
    const [zoom, shrink] = [zoom_factor ?? 1, shrink_factor ?? 1];
    check(zoom >= 1 && shrink >= 1, () => 'zoom_factor and shrink_factor must be 1 or more');
    return { pad, size: { zoom, shrink } };
  },
  lower({ g, settings, bottoms }) {
    const [x] = bottoms as [Value];
    for (const { shape } of bottoms) {
      check(shape.length === 4, () => `expected a bottom [N, C, H, W], got [${shape.join(', ')}]`);
    }
    const { begin, end } = settings.pad;
    const crop = [[0, 0] as const, [0, 0] as const, [begin, end] as const, [begin, end] as const];
    const inside = ops.pad(g, x, crop);
    const [height, width] = inside.shape.slice(2) as [number, number];
    check(height > 0 && width > 0, () => 'pad_beg and pad_end leave nothing');
    const [rows, columns] = bottoms[1]
      ? (bottoms[1].shape.slice(2) as [number, number])
      : outputSize(settings, height, width);
    check(Math.max(rows, columns) <= LONGEST, () => `a top of ${rows} x ${columns}: the longest side is ${LONGEST}`);
    const matrices = { rows: bilinear(g, height, rows), columns: bilinear(g, width, columns) };
    const resize = (value: Value, back: boolean) =>
      alongLastAxis(g, alongLastAxis(g, value, matrices.columns, back), matrices.rows, back);
    return {
      tops: [resize(inside, false)],
      backward: ([dy]) => ({
        bottoms: [
          ops.pad(
            g,
            resize(dy!, true),
            crop.map(([begin, end]) => [-begin, -end]),
          ),
          undefined,
        ],
      }),
    };
  },
});

/** Elements of a side of the top: each is a row of a matrix. */
const LONGEST = 2 ** 20;

/** What an `interp_param` says. */
export interface InterpSettings {
  /** Rows and columns that are added before and behind: 0 or negative, which crops. */
  readonly pad: { readonly begin: number; readonly end: number };
  /** The height and width of the top, or how they come of the bottom's; absent: only a second bottom can say it. */
  readonly size: readonly [number, number] | Factors | undefined;
}

interface Factors {
  readonly zoom: number;
  readonly shrink: number;
}

function outputSize({ size }: InterpSettings, height: number, width: number): readonly [number, number] {
  check(size !== undefined, () => 'give height and width, zoom_factor or shrink_factor');
  if (!('zoom' in size)) return size;
  return [height, width].map((length) => Math.floor((length - 1) / size.shrink) * size.zoom + 1) as [number, number];
}

/** [output, input]: row i holds the weights of the two inputs beside i (input - 1) / (output - 1). */
function bilinear(g: GraphBuilder, input: number, output: number): Value {
  return g.constant('float', [output, input], () => bilinearWeights(input, output));
}

function bilinearWeights(input: number, output: number): Float32Array {
  const { fround } = Math;
  const weights = new Float32Array(output * input);
  const step = output > 1 ? fround((input - 1) / (output - 1)) : 0;
  for (let i = 0; i < output; i++) {
    const place = fround(step * i);
    const before = Math.min(Math.floor(place), input - 1);
    const share = fround(place - before);
    weights[i * input + before]! += fround(1 - share);
    weights[i * input + Math.min(before + 1, input - 1)]! += share;
  }
  return weights;
}

/** [N, C, H, W] times the matrix along W, then H and W swapped: applied twice, both axes are done and in place. */
function alongLastAxis(g: GraphBuilder, x: Value, matrix: Value, back: boolean): Value {
  const [n, c, h, w] = x.shape as [number, number, number, number];
  const resized = product(g, ops.reshape(g, x, [elementCount([n, c, h]), w]), matrix, { transposeB: !back });
  return ops.transpose(g, ops.reshape(g, resized, [n, c, h, resized.shape[1]!]), [0, 1, 3, 2]);
}
