import * as ops from '../../graph/ops.ts';
import { elementCount, type GraphBuilder, type Value } from '../../graph/graph-builder.ts';
import { inRange } from '../../graph/in-range.ts';
import { check } from '../layer.ts';

/** Scores [.., C, ..] and labels, brought to [outer, C, inner] and [outer, 1, inner]. */
export interface ClassPositions {
  outer: number;
  classes: number;
  inner: number;
  /** int64, [outer, 1, inner]. */
  label: Value;
  /** 1 at the label's class, else 0; an ignored label may be outside of them. [outer, C, inner]. */
  target: Value;
  /** 1 where the label is not `ignore_label`, [outer, 1, inner]; undefined: everywhere. */
  counted: Value | undefined;
}

/** What the losses over classes share; `axis` is that of the classes, `ignore` the label of positions that do not count. */
export function classPositions(
  g: GraphBuilder,
  x: Value,
  labels: Value,
  axis: number,
  ignore: number | undefined,
): ClassPositions {
  const outer = elementCount(x.shape.slice(0, axis));
  const classes = x.shape[axis]!;
  const inner = elementCount(x.shape.slice(axis + 1));
  check(
    elementCount(labels.shape) === outer * inner,
    () => `expected ${outer * inner} labels for [${x.shape.join(', ')}], got [${labels.shape.join(', ')}]`,
  );
  check(
    labels.shape[0] === x.shape[0],
    () => `scores [${x.shape.join(', ')}] and labels [${labels.shape.join(', ')}] differ in their first axis`,
  );
  const given = ops.cast(g, ops.reshape(g, labels, [outer, 1, inner]), 'int64');
  const label = checkedLabel(g, given, classes, ignore);
  const target = ops.indicator(g, ops.equal(g, label, ops.iota(g, [1, classes, 1])));
  const counted =
    ignore === undefined
      ? undefined
      : ops.indicator(g, ops.not(g, ops.equal(g, label, g.constant('int64', [], [ignore]))));
  return { outer, classes, inner, label, target, counted };
}

/** Labels [outer, 1, inner] in int64, unchanged; the run of the graph fails where one but `ignore` is not a class. */
export function checkedLabel(g: GraphBuilder, label: Value, classes: number, ignore: number | undefined): Value {
  if (ignore === undefined || (ignore >= 0 && ignore < classes)) return inRange(g, label, classes);
  const isIgnored = ops.equal(g, label, g.constant('int64', [], [ignore]));
  return ops.where(
    g,
    isIgnored,
    label,
    inRange(g, ops.where(g, isIgnored, g.constant('int64', [], [0]), label), classes),
  );
}
