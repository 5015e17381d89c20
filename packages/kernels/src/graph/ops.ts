import {
  elementCount,
  nonNegative,
  ONNX_ELEMENT_TYPE,
  propagateSign,
  type Attributes,
  type ElementType,
  type GraphBuilder,
  type Shape,
  type Value,
} from './graph-builder.ts';
import { elementByElement, sameInBlocks } from './in-blocks.ts';

/** ONNX operators with their shape rules, as far as the lowerings use them. */

export function broadcastShapes(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    if (x !== y && x !== 1 && y !== 1) throw new Error(`shapes [${a.join()}] and [${b.join()}] do not broadcast`);
    return x === 1 ? y : x;
  });
}

/** Up to this many elements no form of an operator is slow; in a plain graph, whose images are not counted, of one image. */
const FEW = 4096;

const isSmall = (g: GraphBuilder, shape: Shape): boolean => elementCount(g.plain ? shape.slice(1) : shape) <= FEW;

/**
 * An operator on two values that broadcast. onnxruntime takes forty times as long where the last axes have length 1, as
 * those of a 1 x 1 convolution's weights: it then is given the values without them.
 */
const elementwise =
  (op: string, type?: ElementType) =>
  (g: GraphBuilder, a: Value, b: Value): Value =>
    elementByElement(g, [a, b], (x, y) => broadcasting(g, op, x!, y!, type));

function broadcasting(g: GraphBuilder, op: string, a: Value, b: Value, type?: ElementType): Value {
  const shape = broadcastShapes(a.shape, b.shape);
  const rank = shape.findLastIndex((dim) => dim > 1) + 1;
  const broadcasts = a.shape.join() !== b.shape.join();
  if (!broadcasts || rank === shape.length || isSmall(g, shape)) {
    return g.op(op, [a, b], {}, shape, type ?? a.type);
  }
  const [x, y] = [a, b].map((value) =>
    reshape(g, value, value.shape.slice(0, Math.max(0, value.shape.length - (shape.length - rank)))),
  ) as [Value, Value];
  return reshape(g, g.op(op, [x, y], {}, shape.slice(0, rank), type ?? a.type), shape);
}

/** Of operators whose results are not negative where their operands are not. */
const keepsSign =
  (op: (g: GraphBuilder, a: Value, b: Value) => Value) =>
  (g: GraphBuilder, a: Value, b: Value): Value =>
    propagateSign(op(g, a, b), a, b);

export const add = keepsSign(elementwise('Add'));
export const sub = elementwise('Sub');
export const mul = keepsSign(elementwise('Mul'));
export const div = elementwise('Div');
export const pow = elementwise('Pow');
export const max = (g: GraphBuilder, a: Value, b: Value): Value => {
  const value = elementwise('Max')(g, a, b);
  return a.nonNegative || b.nonNegative ? nonNegative(value) : value;
};
export const min = keepsSign(elementwise('Min'));
export const greater = elementwise('Greater', 'bool');
export const greaterOrEqual = elementwise('GreaterOrEqual', 'bool');
export const less = elementwise('Less', 'bool');
export const equal = elementwise('Equal', 'bool');

const unary =
  (op: string) =>
  (g: GraphBuilder, x: Value): Value =>
    elementByElement(g, [x], (value) => g.op(op, [value], {}, x.shape, x.type));

export const abs = unary('Abs');
export const sign = unary('Sign');
export const floor = unary('Floor');
export const neg = unary('Neg');
export const sqrt = unary('Sqrt');
export const exp = unary('Exp');
export const relu = (g: GraphBuilder, x: Value): Value => nonNegative(unary('Relu')(g, x));
export const sigmoid = (g: GraphBuilder, x: Value): Value => nonNegative(unary('Sigmoid')(g, x));
export const tanh = unary('Tanh');

/** The largest float32 below one half. */
export const FLOAT32_BELOW_HALF = 0.49999997;

/**
 * To the nearest integer, halves away from zero; ONNX's own Round takes halves to even. floor(|v| + pred(1/2)) is exact
 * for every float32, unlike floor(|v| + 1/2), which is wrong for the float just under one half.
 */
export const roundHalfAway = (g: GraphBuilder, x: Value): Value => {
  const rounded = (value: Value) => floor(g, add(g, value, g.scalar(FLOAT32_BELOW_HALF)));
  return x.nonNegative ? rounded(x) : mul(g, signOfHalf(g, x), rounded(abs(g, x)));
};

/** The sign of numbers of at least a half, and less than 1 of smaller ones: a tenth of the time of ONNX's Sign. */
const signOfHalf = (g: GraphBuilder, x: Value): Value => clip(g, mul(g, x, g.scalar(2)), -1, 1);

export const clip = (g: GraphBuilder, x: Value, low: number, high: number): Value =>
  elementByElement(g, [x], (value) => g.op('Clip', [value, g.scalar(low), g.scalar(high)], {}, x.shape));

export const not = (g: GraphBuilder, x: Value): Value =>
  elementByElement(g, [x], (value) => g.op('Not', [value], {}, x.shape, 'bool'));

export function where(g: GraphBuilder, condition: Value, a: Value, b: Value): Value {
  const shape = broadcastShapes(condition.shape, broadcastShapes(a.shape, b.shape));
  return elementByElement(g, [condition, a, b], (...values) => g.op('Where', values, {}, shape, a.type));
}

export const cast = (g: GraphBuilder, x: Value, type: ElementType): Value =>
  x.type === type
    ? x
    : elementByElement(g, [x], (value) => g.op('Cast', [value], { to: ONNX_ELEMENT_TYPE[type] }, x.shape, type));

/** A sum over any number of equally shaped values; one value is itself. */
export function sum(g: GraphBuilder, values: readonly Value[]): Value {
  return values.reduce((total, value) => add(g, total, value));
}

export function reshape(g: GraphBuilder, x: Value, shape: Shape): Value {
  if (elementCount(shape) !== elementCount(x.shape)) {
    throw new Error(`cannot reshape [${x.shape.join()}] to [${shape.join()}]`);
  }
  if (shape.length === x.shape.length && shape.every((dim, i) => dim === x.shape[i])) return x;
  // 0 takes the length of the first axis over: a graph with a free batch size is the same graph.
  const dims = shape.length > 0 && shape[0] === x.shape[0] ? [0, ...shape.slice(1)] : shape;
  return propagateSign(g.view(x, g.op('Reshape', [x, g.ints(dims)], {}, shape)), x);
}

/** [d0, .., dn] to a matrix [d0 * .. * d(axis-1), d(axis) * .. * dn]; keeps a symbolic first dimension symbolic. */
export function flatten(g: GraphBuilder, x: Value, axis: number): Value {
  const rows = elementCount(x.shape.slice(0, axis));
  const columns = elementCount(x.shape.slice(axis));
  if (x.shape.length === 2 && axis === 1) return x;
  return propagateSign(g.view(x, g.op('Flatten', [x], { axis }, [rows, columns])), x);
}

export function transpose(g: GraphBuilder, x: Value, perm: readonly number[]): Value {
  return g.op(
    'Transpose',
    [x],
    { perm },
    perm.map((axis) => x.shape[axis]!),
  );
}

export interface SliceRange {
  axis: number;
  start: number;
  /** Number of elements taken. */
  length: number;
  step?: number;
}

/** Takes `length` elements from `start` on along each given axis; a negative step walks backwards. */
export function slice(g: GraphBuilder, x: Value, ranges: readonly SliceRange[]): Value {
  const [range] = ranges;
  if (ranges.length === 1 && range!.axis <= 1 && (range!.step ?? 1) === 1) {
    const lengths = range!.axis === 1 ? [range!.start, range!.length] : [];
    return sameInBlocks(g, [x], lengths, (value) => sliceOf(g, value!, ranges));
  }
  return sliceOf(g, x, ranges);
}

/** Whether it goes backwards over less than the whole axis, which WebGPU has wrong (see `webgpu.ts`). */
const isPartlyReversed = ({ axis, start, length, step = 1 }: SliceRange, shape: Shape): boolean =>
  step < 0 && !(step === -1 && length === shape[axis] && start === length - 1);

/** The same elements from the first to the last. */
const turned = ({ axis, start, length, step = 1 }: SliceRange): SliceRange => ({
  ...{ axis, length },
  start: start + (length - 1) * step,
  step: -step,
});

function sliceOf(g: GraphBuilder, x: Value, ranges: readonly SliceRange[]): Value {
  const shape = [...x.shape];
  for (const range of ranges) shape[range.axis] = range.length;
  const backwards = ranges.filter((range) => isPartlyReversed(range, x.shape));
  if (backwards.length > 0) {
    const forwards = ranges.map((range) => (backwards.includes(range) ? turned(range) : range));
    const taken = sliceOf(g, x, forwards);
    return sliceOf(
      g,
      taken,
      backwards.map(({ axis, length }) => ({ axis, start: length - 1, length, step: -1 })),
    );
  }
  const ends = ranges.map(({ start, length, step = 1 }) => {
    const end = start + (length - 1) * step + Math.sign(step);
    return end < 0 ? -(2 ** 31) : end;
  });
  return g.op(
    'Slice',
    [
      x,
      g.ints(ranges.map((range) => range.start)),
      g.ints(ends),
      g.ints(ranges.map((range) => range.axis)),
      g.ints(ranges.map((range) => range.step ?? 1)),
    ],
    {},
    shape,
  );
}

export function concat(g: GraphBuilder, values: readonly Value[], axis: number): Value {
  const first = values[0]!;
  if (values.length === 1) return first;
  const shape = [...first.shape];
  shape[axis] = values.reduce((total, value) => total + value.shape[axis]!, 0);
  const joined = (...parts: Value[]) => propagateSign(g.op('Concat', parts, { axis }, shape), ...parts);
  return axis <= 1 ? sameInBlocks(g, values, [], joined) : joined(...values);
}

/** Pads with `value`; `pads` are [begin, end] per axis, and crop where they are negative. */
export function pad(g: GraphBuilder, x: Value, pads: readonly (readonly [number, number])[], value = 0): Value {
  if (pads.every(([begin, end]) => begin === 0 && end === 0)) return x;
  const shape = x.shape.map((dim, axis) => dim + pads[axis]![0] + pads[axis]![1]);
  const flat = [...pads.map(([begin]) => begin), ...pads.map(([, end]) => end)];
  return g.op('Pad', [x, g.ints(flat), value === 0 ? undefined : g.scalar(value)], {}, shape);
}

/** The part of `x` at the beginning of each axis that has `shape`. */
export const cropTo = (g: GraphBuilder, x: Value, shape: Shape): Value =>
  pad(
    g,
    x,
    shape.map((dim, axis) => [0, dim - x.shape[axis]!] as const),
  );

function reducedShape(shape: Shape, axes: readonly number[], keep: boolean): Shape {
  return keep
    ? shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim))
    : shape.filter((_, axis) => !axes.includes(axis));
}

const reduction =
  (op: string) =>
  (g: GraphBuilder, x: Value, axes: readonly number[], keep = false): Value =>
    g.op(op, [x, g.ints(axes)], { keepdims: keep ? 1 : 0 } satisfies Attributes, reducedShape(x.shape, axes, keep));

export const reduceMax = reduction('ReduceMax');
export const reduceMin = reduction('ReduceMin');

export const allAxes = (x: Value): number[] => x.shape.map((_, axis) => axis);

const reduceRows = reduction('ReduceSum');

/**
 * The sum over `axes`, in steps whose bytes do not depend on the number of threads: onnxruntime's kernels for sums over
 * the last axes and for sums over the first ones are safe, those for both at once and for axes in the middle are not.
 */
export function reduceSum(g: GraphBuilder, x: Value, axes: readonly number[], keep = false): Value {
  if (g.plain) return axes.length === 0 ? x : reduceRows(g, x, axes, keep);
  const reduced = x.shape.map((_, axis) => axes.includes(axis));
  const shape = reducedShape(x.shape, axes, keep);
  // Neighbouring axes of one kind count as one.
  const blocks: { length: number; reduced: boolean }[] = [];
  x.shape.forEach((dim, axis) => {
    const last = blocks.at(-1);
    if (last && last.reduced === reduced[axis]) last.length *= dim;
    else blocks.push({ length: dim, reduced: reduced[axis]! });
  });
  if (!blocks.some((block) => block.reduced)) return x;
  let value = reshape(
    g,
    blocks.length === 1 ? (g.blockedForm(x) ?? inOwnMemory(g, x)) : inOwnMemory(g, x),
    blocks.map(({ length }) => length),
  );
  if (blocks.at(-1)!.reduced) {
    blocks.pop();
    value = reduceRows(g, value, [blocks.length]);
  }
  while (blocks.some((block) => block.reduced)) {
    const axis = blocks.findIndex((block) => block.reduced);
    if (axis > 0) value = transpose(g, value, [axis, ...blocks.map((_, i) => i).filter((i) => i !== axis)]);
    const [block] = blocks.splice(axis, 1);
    const kept = blocks.map(({ length }) => length);
    // The optimizer would put a transposition after the sum, were there no reshape between them.
    value = reshape(g, reduceRows(g, reshape(g, value, [block!.length, elementCount(kept)]), [0]), kept);
  }
  return reshape(g, value, shape);
}

export const reduceSumSquare = (g: GraphBuilder, x: Value, axes: readonly number[], keep = false): Value =>
  reduceSum(g, mul(g, x, x), axes, keep);

export function reduceMean(g: GraphBuilder, x: Value, axes: readonly number[], keep = false): Value {
  if (g.plain) return axes.length === 0 ? x : reduction('ReduceMean')(g, x, axes, keep);
  const count = elementCount(axes.map((axis) => x.shape[axis]!));
  return mul(g, reduceSum(g, x, axes, keep), g.scalar(1 / count));
}

/**
 * A copy of a tensor that lies in memory of the caller, whose alignment would decide in which order onnxruntime adds.
 * Tensors that the graph makes are aligned.
 */
const inOwnMemory = (g: GraphBuilder, x: Value): Value =>
  g.isExternal(x) && x.shape.length > 0 ? g.op('Tile', [x, g.ints(x.shape.map(() => 1))], {}, x.shape) : x;

/**
 * The natural logarithm. As a reduction over one element each, since onnxruntime's own Log gives other bytes at the
 * seams between threads.
 */
export function log(g: GraphBuilder, x: Value): Value {
  if (g.plain) return unary('Log')(g, x);
  const rows = reshape(g, x, [elementCount(x.shape), 1]);
  return reshape(g, reduction('ReduceLogSum')(g, rows, [1]), x.shape);
}

/** The sum of all elements, as a scalar. */
export const total = (g: GraphBuilder, x: Value): Value => (x.shape.length === 0 ? x : reduceSum(g, x, allAxes(x)));

export const softmax = (g: GraphBuilder, x: Value, axis: number): Value =>
  nonNegative(g.op('Softmax', [x], { axis }, x.shape));

/** Repeats the axes of length 1 of `x` so that it has `shape`. */
export function expand(g: GraphBuilder, x: Value, shape: Shape): Value {
  if (shape.length === x.shape.length && shape.every((dim, i) => dim === x.shape[i])) return x;
  // 1 keeps an axis as long as it is: a graph with a free batch size is the same graph.
  const kept = (dim: number, i: number) => dim === x.shape[i - shape.length + x.shape.length];
  return g.op('Expand', [x, g.ints(shape.map((dim, i) => (kept(dim, i) ? 1 : dim)))], {}, shape);
}

/** Zeros of `shape`. */
export const zeros = (g: GraphBuilder, shape: Shape): Value =>
  g.op('ConstantOfShape', [g.ints(shape)], {}, shape, 'float');

/** 0, 1, 2, .. as an int64 constant of `shape`. */
export const iota = (g: GraphBuilder, shape: Shape): Value =>
  g.constant(
    'int64',
    shape,
    Array.from({ length: elementCount(shape) }, (_, i) => i),
  );

/** 1 where the condition holds, else 0. */
export const indicator = (g: GraphBuilder, condition: Value): Value => nonNegative(cast(g, condition, 'float'));

/** `x` where the condition holds, else 0 (of either sign): faster than `where`. */
export const masked = (g: GraphBuilder, x: Value, condition: Value): Value => mul(g, x, indicator(g, condition));
