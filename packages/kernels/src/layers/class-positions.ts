import type { LossParameter } from '@caffe-quant/caffe-io';
import * as ops from '../graph/ops.ts';
import { elementCount, type GraphBuilder, type Value } from '../graph/graph-builder.ts';
import { check } from './layer.ts';

/** Scores [.., C, ..] and labels, brought to [outer, C, inner] and [outer, 1, inner]. */
export interface ClassPositions {
  outer: number;
  classes: number;
  inner: number;
  /** int64, [outer, 1, inner]. */
  label: Value;
  /** 1 at the label's class, else 0; a label outside the classes has none. [outer, C, inner]. */
  target: Value;
  /** 1 where the label is not `ignore_label`, [outer, 1, inner]; undefined: everywhere. */
  counted: Value | undefined;
}

/** What the losses over classes share; `axis` is that of the classes. */
export function classPositions(
  g: GraphBuilder,
  x: Value,
  labels: Value,
  axis: number,
  param: LossParameter | undefined,
): ClassPositions {
  const outer = elementCount(x.shape.slice(0, axis));
  const classes = x.shape[axis]!;
  const inner = elementCount(x.shape.slice(axis + 1));
  check(
    elementCount(labels.shape) === outer * inner,
    () => `expected ${outer * inner} labels for [${x.shape.join(', ')}], got [${labels.shape.join(', ')}]`,
  );
  const label = ops.cast(g, ops.reshape(g, labels, [outer, 1, inner]), 'int64');
  const target = ops.indicator(g, ops.equal(g, label, ops.indices(g, [1, classes, 1])));
  const ignore = param?.ignore_label;
  const counted =
    ignore === undefined
      ? undefined
      : ops.indicator(g, ops.not(g, ops.equal(g, label, g.constant('int64', [], [ignore]))));
  return { outer, classes, inner, label, target, counted };
}
