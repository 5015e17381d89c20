import { elementCount, floats, type AffineForm, type GraphBuilder, type Shape, type Value } from './graph-builder.ts';
import { BLOCKED, outOfBlocks } from './in-blocks.ts';
import * as ops from './ops.ts';

/**
 * Affine maps with one scale and one shift a channel (axis 1), and the sums over channels that their gradients are made of.
 * Layers that are such maps (BatchNorm, Scale, Bias) become one pass over memory together: a map of a map is computed as one
 * map of what the first was made of, and sums of a map follow from the sums of that. In blocks a map is a depthwise
 * convolution with a kernel of one element, and a sum of products a convolution of one tensor with the other as its kernel.
 */

/** Sums of at most this many elements are made one after the other before they are added to each other. */
const LONGEST_SUM = 512;

/** x * scale + shift, with [C] each; what is undefined is left out. Of x [N, C, ...]. */
export function channelAffine(g: GraphBuilder, x: Value, scale: Value | undefined, shift?: Value): Value {
  const form = composed(g, g.affineForm(x) ?? { x }, scale, shift);
  const value = appliedAffine(g, form);
  g.noteAffine(value, form);
  return value;
}

/** The map of `form`, as a value of its own: maps and sums of it are not traced back to what it is made of. */
export function appliedAffine(g: GraphBuilder, { x, scale, shift }: AffineForm): Value {
  const blocked = g.blockedForm(x);
  if (blocked) return outOfBlocks(g, mappedInBlocks(g, blocked, scale, shift));
  const perChannel = (value: Value) => ops.reshape(g, value, [value.shape[0]!, ...x.shape.slice(2).map(() => 1)]);
  const scaled = scale ? ops.mul(g, x, perChannel(scale)) : x;
  return shift ? ops.add(g, scaled, perChannel(shift)) : scaled;
}

function composed(g: GraphBuilder, inner: AffineForm, scale: Value | undefined, shift: Value | undefined): AffineForm {
  const product = (a: Value | undefined, b: Value | undefined) => (a && b ? ops.mul(g, a, b) : (a ?? b));
  const scaledShift = inner.shift && product(inner.shift, scale);
  return {
    x: inner.x,
    scale: product(inner.scale, scale),
    shift: scaledShift && shift ? ops.add(g, scaledShift, shift) : (scaledShift ?? shift),
  };
}

function mappedInBlocks(g: GraphBuilder, x: Value, scale: Value | undefined, shift: Value | undefined): Value {
  const channels = x.shape[1]!;
  const kernel = scale ?? g.constant('float', [channels], () => Array<number>(channels).fill(1));
  return depthwise(g, x, ops.reshape(g, kernel, [channels, 1, 1, 1]), shift);
}

const POINT = { kernel_shape: [1, 1], strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0] };

/** x in blocks times a kernel [C, 1, 1, 1], plus a shift [C] and a tensor like x, cut to [0, 1] if so wanted. */
export function depthwise(
  g: GraphBuilder,
  x: Value,
  kernel: Value,
  shift: Value | undefined,
  { added, isCut = false }: { added?: Value; isCut?: boolean } = {},
): Value {
  const cut = isCut ? { activation: 'Clip', activation_params: floats([0, 1]) } : {};
  const attributes = { ...POINT, group: x.shape[1]!, ...cut };
  return g.op('Conv', [x, kernel, shift, added], attributes, x.shape, 'float', BLOCKED);
}

/** The sum over all axes but axis 1, [C]. */
export function channelSum(g: GraphBuilder, x: Value): Value {
  const form = g.affineForm(x);
  if (form) {
    const ofX = channelSum(g, form.x);
    const scaled = form.scale ? ops.mul(g, ofX, form.scale) : ofX;
    const count = elementCount(x.shape) / x.shape[1]!;
    return form.shift ? ops.add(g, scaled, ops.mul(g, form.shift, g.scalar(count))) : scaled;
  }
  return g.once(`channel sum of ${x.name}`, () => {
    const blocked = g.blockedForm(x);
    return blocked ? sumInBlocks(g, blocked) : ops.reduceSum(g, x, otherAxes(x));
  });
}

/** The sum of x * z over all axes but axis 1, [C]. */
export function channelDot(g: GraphBuilder, x: Value, z: Value): Value {
  const form = g.affineForm(x);
  if (!form && g.affineForm(z)) return channelDot(g, z, x);
  if (form) {
    const ofX = channelDot(g, form.x, z);
    const scaled = form.scale ? ops.mul(g, ofX, form.scale) : ofX;
    return form.shift ? ops.add(g, scaled, ops.mul(g, form.shift, channelSum(g, z))) : scaled;
  }
  return g.once(`channel dot of ${[x.name, z.name].sort().join(' ')}`, () => {
    const [a, b] = [g.blockedForm(x), g.blockedForm(z)];
    return a && b && hasPlane(x.shape) ? dotInBlocks(g, a, b) : ops.reduceSum(g, ops.mul(g, x, z), otherAxes(x));
  });
}

/** The sum of x * z over all elements, as a scalar. */
export const sumOfProducts = (g: GraphBuilder, x: Value, z: Value): Value =>
  ops.total(g, g.blockedForm(x) && g.blockedForm(z) ? channelDot(g, x, z) : ops.mul(g, x, z));

const otherAxes = (x: Value): number[] => ops.allAxes(x).filter((axis) => axis !== 1);

/** Whether an image has enough pixels to be a kernel. */
const hasPlane = ([, , height, width]: Shape): boolean => height! * width! > 4;

function sumInBlocks(g: GraphBuilder, x: Value): Value {
  const [n, channels, height, width] = x.shape as [number, number, number, number];
  const rows = rowsOfSum(height, width);
  const attributes = { ...POINT, kernel_shape: [rows, width], strides: [rows, width] };
  const shape = [n, channels, height / rows, 1];
  const means = g.op('AveragePool', [x], attributes, shape, 'float', BLOCKED);
  return ops.mul(g, sumOfParts(g, means, [n, channels, height / rows]), g.scalar(rows * width));
}

function dotInBlocks(g: GraphBuilder, x: Value, z: Value): Value {
  const [n, channels, height, width] = x.shape as [number, number, number, number];
  const rows = rowsOfSum(height, width);
  const parts = (n * channels * height) / rows;
  const image = ops.reshape(g, x, [1, parts, rows, width]);
  const kernel = ops.reshape(g, z, [parts, 1, rows, width]);
  const attributes = { ...POINT, kernel_shape: [rows, width], group: parts };
  const products = g.op('Conv', [image, kernel], attributes, [1, parts, 1, 1], 'float', BLOCKED);
  return sumOfParts(g, products, [n, channels, height / rows]);
}

/** Of [images, channels, parts] numbers in blocks the sum over images and parts. */
function sumOfParts(g: GraphBuilder, numbers: Value, [n, channels, parts]: readonly [number, number, number]): Value {
  const block = g.channelBlock;
  const apart = ops.reshape(g, numbers, [n, channels / block, parts, block]);
  return ops.reshape(g, ops.reduceSum(g, apart, [0, 2]), [channels]);
}

/** As many rows of a plane as one sum goes over. */
function rowsOfSum(height: number, width: number): number {
  const most = Math.max(1, Math.floor(LONGEST_SUM / width));
  for (let rows = Math.min(most, height); rows > 1; rows--) if (height % rows === 0) return rows;
  return 1;
}
