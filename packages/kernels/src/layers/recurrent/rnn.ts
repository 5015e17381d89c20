import * as ops from '../../graph/ops.ts';
import type { Value } from '../../graph/graph-builder.ts';
import { layerKernel } from '../layer.ts';
import { product } from '../inner-product/product.ts';
import {
  firstState,
  inputParams,
  inputProjection,
  recurrenceOver,
  recurrentSettings,
  stepOf,
  RECURRENT_FIELDS,
  recurrentBottoms,
  recurrentTops,
} from './recurrent.ts';

/**
 * RNN, unrolled over the T steps of x [T, N, ..], with y [T, N, hidden]:
 *
 *   h' = tanh(w_x x_t + b + w_h (cont_t h));   y_t = tanh(w_o h' + b_o)
 *
 * Blobs: w_x [hidden, inputs], b [hidden], that of the static input if there is one, w_h and w_o [hidden, hidden],
 * b_o [hidden]. Source: Caffe's `rnn_layer.cpp`.
 */
export const rnn = layerKernel({
  type: 'RNN',
  bottoms: recurrentBottoms(1),
  tops: recurrentTops(1),
  fields: { recurrent_param: RECURRENT_FIELDS },
  settings: recurrentSettings,
  params(settings, bottoms) {
    const { hidden, weightFiller, biasFiller } = settings;
    const square = { shape: [hidden, hidden], filler: weightFiller };
    const input = inputParams(recurrenceOver(settings, bottoms, 1), hidden);
    return [...input, square, square, { shape: [hidden], filler: biasFiller }];
  },
  lower({ g, settings, bottoms, params, state }) {
    const shapes = bottoms.map(({ shape }) => shape);
    const recurrence = recurrenceOver(settings, shapes, 1);
    const { steps, batch, hidden, exposed } = recurrence;
    const [wh, wo, bo] = params.slice(-3) as [Value, Value, Value];
    const projection = inputProjection(g, bottoms, params.slice(0, -3), recurrence);
    const conts = ops.reshape(g, bottoms[1]!, [steps, batch, 1]);
    let [h] = firstState(bottoms, ['h'], recurrence, { g, state }) as [Value];
    const states: Value[] = [];
    const continued: Value[] = [];
    for (let t = 0; t < steps; t++) {
      const before = ops.mul(g, h, stepOf(g, conts, t));
      continued.push(before);
      h = ops.tanh(g, ops.add(g, stepOf(g, projection.value, t), product(g, before, wh, { transposeB: true })));
      states.push(h);
    }
    const all = ops.concat(g, states, 0);
    const y = ops.tanh(g, ops.add(g, product(g, all, wo, { transposeB: true }), bo));
    const top = ops.reshape(g, y, [steps, batch, hidden]);
    const ofTanh = (dy: Value, s: Value) => ops.mul(g, dy, ops.sub(g, g.scalar(1), ops.mul(g, s, s)));
    return {
      tops: exposed ? [top, ops.reshape(g, h, [1, batch, hidden])] : [top],
      ...(exposed ? {} : { nextState: { h } }),
      backward([dy]) {
        const dOutput = ofTanh(ops.reshape(g, dy!, y.shape), y);
        const dStates = ops.reshape(g, product(g, dOutput, wo), [steps, batch, hidden]);
        const dz: Value[] = [];
        let next: Value | undefined;
        for (const [t, own] of [...states.entries()].reverse()) {
          const dh = stepOf(g, dStates, t);
          const dzStep = ofTanh(next ? ops.add(g, dh, next) : dh, own);
          dz.unshift(dzStep);
          next = ops.mul(g, product(g, dzStep, wh), stepOf(g, conts, t));
        }
        const dzAll = ops.concat(g, dz, 0);
        const input = projection.backward(dzAll);
        return {
          bottoms: [input.x, undefined, ...input.fixed, ...(exposed ? [undefined] : [])],
          params: [
            ...input.params,
            product(g, dzAll, ops.concat(g, continued, 0), { transposeA: true }),
            product(g, dOutput, all, { transposeA: true }),
            ops.reduceSum(g, dOutput, [0]),
          ],
        };
      },
    };
  },
});
