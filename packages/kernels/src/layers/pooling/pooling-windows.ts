import { type LayerFields, read } from '@caffe-quant/caffe-io';
import type { Shape } from '../../graph/graph-builder.ts';
import { check } from '../layer.ts';
import { SIDE_PAD_FIELDS, sidePads } from '../side-pads.ts';

/** Where the windows of a pooling lie; pairs are height and width. */
export interface PoolingWindows {
  kernel: Pair;
  stride: Pair;
  /** Padding before, and the padding after that makes the sliding windows end exactly where Caffe's do; both less than the kernel. */
  begin: Pair;
  end: Pair;
  /** Windows that reach the input. */
  size: Pair;
  /**
   * Windows behind them that begin where the input has ended: none, or one. A stride over the kernel can make one, since
   * sizes are rounded up and without padding nothing is clipped.
   */
  empty: Pair;
  /** The padding after that a mean counts: what is given, as `begin` is, and not what the windows reach. */
  padEnd: Pair;
}

type Pair = readonly [number, number];

/** The fields of a `pooling_param` that say where windows lie. */
export const POOLING_WINDOW_FIELDS = {
  ...read('pad', 'pad_h', 'pad_w', 'kernel_size', 'kernel_h', 'kernel_w', 'stride', 'stride_h', 'stride_w'),
  ...read('global_pooling', 'round_mode', 'ceil_mode'),
  ...SIDE_PAD_FIELDS,
} as const;

/** What they say. */
export interface PoolingWindowSettings {
  /** Absent: the whole plane. */
  readonly kernel: Pair | undefined;
  readonly stride: Pair;
  /** Above and left of the plane. */
  readonly pad: Pair;
  /** Below and right of it: in Caffe as much as before. */
  readonly padEnd: Pair;
  /** How the number of windows is rounded. */
  readonly round: 'ceil' | 'floor';
}

type PoolingWindowFields = NonNullable<LayerFields<{ pooling_param: typeof POOLING_WINDOW_FIELDS }>['pooling_param']>;

/** @throws LayerError for what Caffe refuses. */
export function poolingWindowSettings(param: PoolingWindowFields): PoolingWindowSettings {
  const stride = pair('stride', param.stride, param.stride_h, param.stride_w, 1);
  const ofBoth = pair('pad', param.pad, param.pad_h, param.pad_w, 0);
  const hasPad = [param.pad, param.pad_h, param.pad_w].some((length) => length !== undefined);
  const { before: pad, after: padEnd } = sidePads(param, hasPad) ?? { before: ofBoth, after: ofBoth };
  const isGlobal = param.global_pooling ?? false;
  check(
    !isGlobal || ([...pad, ...padEnd].every((length) => length === 0) && stride.every((length) => length === 1)),
    () => 'global_pooling takes pad 0 and stride 1 only',
  );
  check(
    !isGlobal || [param.kernel_size, param.kernel_h, param.kernel_w].every((length) => length === undefined),
    () => 'global_pooling takes the whole plane: no kernel size can be given',
  );
  const kernel = isGlobal ? undefined : kernelOf(param);
  check(
    [...(kernel ?? []), ...stride].every((length) => length > 0),
    () => 'kernel size and stride must be positive',
  );
  for (const side of [pad, padEnd]) {
    check(
      kernel === undefined || side.every((length, axis) => length === 0 || length < kernel[axis]!),
      () => `pad ${side.join(' x ')} must be smaller than the kernel, ${kernel!.join(' x ')}`,
    );
  }
  const round = (param.round_mode ?? 'CEIL') === 'CEIL' && (param.ceil_mode ?? true) ? 'ceil' : 'floor';
  return { kernel, stride, pad, padEnd, round };
}

/**
 * The windows over a bottom [N, C, H, W]: H' = ceil((H + 2 pad - kernel) / stride) + 1 (floor with `round_mode: FLOOR`);
 * where one of the two axes has a pad, both lose a last window that would begin in the padding. Where each side has a
 * padding of its own, 2 pad is pad_t + pad_b. Source: `LayerSetUp` and `Reshape` in Caffe's `pooling_layer.cpp`, for the
 * sides in that of Synopsys' fork.
 *
 * @throws LayerError where a window does not fit.
 */
export function poolingWindows(settings: PoolingWindowSettings, input: Shape): PoolingWindows {
  check(input.length === 4, () => `expected a bottom [N, C, H, W], got [${input.join(', ')}]`);
  const { stride, pad, padEnd } = settings;
  const kernel: Pair = settings.kernel ?? [input[2]!, input[3]!];
  const padded = [...pad, ...padEnd].some((length) => length > 0);
  const round = settings.round === 'ceil' ? Math.ceil : Math.floor;
  const ofAxis = (axis: 0 | 1) => {
    const [length, k, s, p, q] = [input[2 + axis]!, kernel[axis], stride[axis], pad[axis], padEnd[axis]];
    const windows = round((length + p + q - k) / s) + 1;
    const beginsBehind = (windows - 1) * s >= length + p;
    const size = beginsBehind ? windows - 1 : windows;
    check(size > 0, () => `a kernel of ${k} does not fit into ${length} + ${p === q ? `2 * ${p}` : `${p} + ${q}`}`);
    return { size, empty: beginsBehind && !padded ? 1 : 0, end: Math.max(0, (size - 1) * s + k - length - p) };
  };
  const [rows, columns] = [ofAxis(0), ofAxis(1)];
  return {
    kernel,
    stride,
    begin: pad,
    end: [rows.end, columns.end],
    size: [rows.size, columns.size],
    empty: [rows.empty, columns.empty],
    padEnd,
  };
}

/** The attributes of ONNX's pooling operators. */
export const slidingWindow = ({ kernel, stride, begin, end }: PoolingWindows) => ({
  kernel_shape: kernel,
  strides: stride,
  pads: [...begin, ...end],
});

function kernelOf({ kernel_size: one, kernel_h: h, kernel_w: w }: PoolingWindowFields): Pair {
  check(
    one === undefined || h === undefined || w === undefined,
    () => 'give either kernel_size or kernel_h and kernel_w, not both',
  );
  if (one !== undefined) return [one, one];
  check(h !== undefined && w !== undefined, () => 'give kernel_size, or both kernel_h and kernel_w');
  return [h, w];
}

/** A setting of both axes, or of each, never of one alone or of both ways. */
function pair(
  name: string,
  one: number | undefined,
  h: number | undefined,
  w: number | undefined,
  fallback: number,
): Pair {
  if (h === undefined && w === undefined) return [one ?? fallback, one ?? fallback];
  check(one === undefined, () => `give either ${name} or ${name}_h and ${name}_w, not both`);
  check(h !== undefined && w !== undefined, () => `give both ${name}_h and ${name}_w`);
  return [h, w];
}
