import { elementCount, propagateSign, type GraphBuilder, type Shape, type Value } from './graph-builder.ts';

/**
 * Tensors with their channels in blocks, [N, C / block, H, W, block], as onnxruntime's fast convolutions and poolings take
 * them. A value that has been made in blocks stays known in both forms: what can work in blocks takes that one, what cannot
 * takes [N, C, H, W]; the reorderings that nobody needs then are left out of the model.
 */

/** The domain of onnxruntime's operators over such tensors. */
export const BLOCKED = 'com.microsoft.nchwc';

/** Whether a tensor of this shape, its channels in blocks, has as many elements as without. */
export const fillsBlocks = (g: GraphBuilder, shape: Shape): boolean =>
  g.channelBlock > 1 && shape.length === 4 && shape[1]! % g.channelBlock === 0;

/** x [N, C, H, W] with its channels in blocks, filled up with zeros to whole ones. */
export function intoBlocks(g: GraphBuilder, x: Value): Value {
  const known = g.blockedForm(x);
  if (known) return known;
  const isWhole = fillsBlocks(g, x.shape);
  // Of one pixel an image, both forms are the same.
  const blocked = isWhole && x.shape[2] === 1 && x.shape[3] === 1 ? x : reorderInput(g, x);
  if (isWhole) g.noteBlocked(x, blocked);
  return propagateSign(blocked, x);
}

const reorderInput = (g: GraphBuilder, x: Value): Value => g.op('ReorderInput', [x], {}, x.shape, 'float', BLOCKED);

export function outOfBlocks(g: GraphBuilder, blocked: Value): Value {
  const { shape } = blocked;
  const x = propagateSign(g.op('ReorderOutput', [blocked], { channels: shape[1]! }, shape, 'float', BLOCKED), blocked);
  if (fillsBlocks(g, shape)) g.noteBlocked(x, blocked);
  return x;
}

/**
 * `f` of `values`, in blocks where all that are more than a number are known so and have one shape. f has to be an
 * operation element by element: it is given either form.
 */
export function elementByElement(g: GraphBuilder, values: readonly Value[], f: (...values: Value[]) => Value): Value {
  const tensors = values.filter(({ shape }) => elementCount(shape) > 1);
  const shape = tensors[0]?.shape.join();
  return tensors.length > 0 && tensors.every((value) => value.shape.join() === shape)
    ? inEitherForm(g, values, tensors, f)
    : f(...values);
}

/**
 * `f` of `values`, in blocks where all are known so. f takes whole images, or whole blocks of channels: `channels` are the
 * numbers of channels at which it cuts.
 */
export function sameInBlocks(
  g: GraphBuilder,
  values: readonly Value[],
  channels: readonly number[],
  f: (...values: Value[]) => Value,
): Value {
  return channels.every((count) => count % g.channelBlock === 0) ? inEitherForm(g, values, values, f) : f(...values);
}

function inEitherForm(
  g: GraphBuilder,
  values: readonly Value[],
  tensors: readonly Value[],
  f: (...values: Value[]) => Value,
): Value {
  if (!tensors.every((value) => g.blockedForm(value))) return f(...values);
  const blocked = f(...values.map((value) => g.blockedForm(value) ?? value));
  if (blocked.type === 'float') return outOfBlocks(g, blocked);
  // There is no reordering of other types: whoever wants it without blocks has it computed so.
  const value = f(...values);
  g.noteBlocked(value, blocked);
  return value;
}
