import { atLeast } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementCount, type GraphBuilder, type Value } from '../../graph/graph-builder.ts';
import { check, layerKernel } from '../layer.ts';

/**
 * Filter: of every bottom but the last the items whose entry in the last one [N] is not 0. How many they are depends on
 * the data, so that it can be computed only where somebody knows the tops' shapes. Source: Caffe's `filter_layer.cpp`.
 */
export const filter = layerKernel({
  type: 'Filter',
  bottoms: atLeast(2),
  tops: atLeast(1),
  fields: {},
  lower({ g, bottoms, topShapes }) {
    const data = bottoms.slice(0, -1);
    const selector = bottoms.at(-1)!;
    const items = selector.shape[0]!;
    check(elementCount(selector.shape) === items, () => `expected a selector [N], got [${selector.shape.join(', ')}]`);
    check(
      data.every(({ shape }) => shape[0] === items),
      () => `the selector has ${items} entries, which is not the number of items of every bottom`,
    );
    check(
      topShapes !== undefined,
      () => 'the size of its tops depends on the data, which is not supported: mask the loss by ignore_label instead',
    );
    const passes = ops.not(g, ops.equal(g, ops.reshape(g, selector, [items]), g.scalar(0)));
    return {
      tops: data.map((x, i) => g.op('Compress', [x, passes], { axis: 0 }, topShapes[i]!)),
      backward: (dys) => ({
        bottoms: [...dys.map((dy, i) => dy && scatterToRows(g, dy, passes, data[i]!)), undefined],
      }),
    };
  },
});

/** Each item's gradient back at its place, zeros between. */
function scatterToRows(g: GraphBuilder, dy: Value, passes: Value, x: Value): Value {
  const items = x.shape[0]!;
  const counts = g.op('CumSum', [ops.indicator(g, passes), g.constant('int64', [], [0])], {}, [items]);
  const places = ops.cast(g, ops.max(g, ops.sub(g, counts, g.scalar(1)), g.scalar(0)), 'int64');
  const taken = g.op('Gather', [dy, places], { axis: 0 }, x.shape);
  const mask = ops.reshape(g, passes, [items, ...x.shape.slice(1).map(() => 1)]);
  return ops.where(g, mask, taken, g.scalar(0));
}
