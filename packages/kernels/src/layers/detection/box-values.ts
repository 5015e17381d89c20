import * as ops from '../../graph/ops.ts';
import type { GraphBuilder, Value } from '../../graph/graph-builder.ts';
import type { CodeType } from './boxes.ts';

/** Boxes of the graph, [.., 4] each; see `boxes.ts`. */

interface Edges {
  min: { x: Value; y: Value };
  max: { x: Value; y: Value };
  width: Value;
  height: Value;
  center: { x: Value; y: Value };
}

/** Each coordinate as [.., 1]. */
function edgesOf(g: GraphBuilder, boxes: Value): Edges {
  const axis = boxes.shape.length - 1;
  const edge = (start: number) => ops.slice(g, boxes, [{ axis, start, length: 1 }]);
  const [xmin, ymin, xmax, ymax] = [edge(0), edge(1), edge(2), edge(3)];
  const middle = (low: Value, high: Value) => ops.mul(g, ops.add(g, low, high), g.scalar(0.5));
  return {
    min: { x: xmin, y: ymin },
    max: { x: xmax, y: ymax },
    width: ops.sub(g, xmax, xmin),
    height: ops.sub(g, ymax, ymin),
    center: { x: middle(xmin, xmax), y: middle(ymin, ymax) },
  };
}

/** Intersection over union of boxes that broadcast to each other, [..] without the last axis. */
export function overlaps(g: GraphBuilder, first: Value, second: Value): Value {
  const [a, b] = [edgesOf(g, first), edgesOf(g, second)];
  const side = (axis: 'x' | 'y') =>
    ops.relu(g, ops.sub(g, ops.min(g, a.max[axis], b.max[axis]), ops.max(g, a.min[axis], b.min[axis])));
  const area = ({ width, height }: Edges) => ops.mul(g, ops.relu(g, width), ops.relu(g, height));
  const shared = ops.mul(g, side('x'), side('y'));
  const union = ops.sub(g, ops.add(g, area(a), area(b)), shared);
  const ratio = ops.where(g, ops.greater(g, shared, g.scalar(0)), ops.div(g, shared, union), g.scalar(0));
  return ops.reshape(g, ratio, ratio.shape.slice(0, -1));
}

/** What a prediction must be to mean `boxes` beside their priors. */
export function encodeBoxes(
  g: GraphBuilder,
  code: CodeType,
  priors: Value,
  variances: Value | undefined,
  boxes: Value,
): Value {
  const last = boxes.shape.length - 1;
  const [prior, box] = [edgesOf(g, priors), edgesOf(g, boxes)];
  const together = (values: Value[]) => ops.concat(g, values, last);
  const encoded = () => {
    switch (code) {
      case 'CORNER':
        return ops.sub(g, boxes, priors);
      case 'CORNER_SIZE':
        return ops.div(g, ops.sub(g, boxes, priors), together([prior.width, prior.height, prior.width, prior.height]));
      case 'CENTER_SIZE':
        return together([
          ops.div(g, ops.sub(g, box.center.x, prior.center.x), prior.width),
          ops.div(g, ops.sub(g, box.center.y, prior.center.y), prior.height),
          ops.log(g, ops.div(g, box.width, prior.width)),
          ops.log(g, ops.div(g, box.height, prior.height)),
        ]);
    }
  };
  return variances ? ops.div(g, encoded(), variances) : encoded();
}

/** The boxes that predictions mean beside their priors. */
export function decodeBoxes(
  g: GraphBuilder,
  code: CodeType,
  priors: Value,
  variances: Value | undefined,
  targets: Value,
): Value {
  const last = targets.shape.length - 1;
  const prior = edgesOf(g, priors);
  const target = variances ? ops.mul(g, targets, variances) : targets;
  if (code === 'CORNER') return ops.add(g, target, priors);
  const size = (values: Value[]) => ops.concat(g, values, priors.shape.length - 1);
  if (code === 'CORNER_SIZE') {
    return ops.add(g, priors, ops.mul(g, target, size([prior.width, prior.height, prior.width, prior.height])));
  }
  const pair = (start: number) => ops.slice(g, target, [{ axis: last, start, length: 2 }]);
  const sides = size([prior.width, prior.height]);
  const center = ops.add(g, ops.mul(g, pair(0), sides), size([prior.center.x, prior.center.y]));
  const half = ops.mul(g, ops.mul(g, ops.exp(g, pair(2)), sides), g.scalar(0.5));
  return ops.concat(g, [ops.sub(g, center, half), ops.add(g, center, half)], last);
}
