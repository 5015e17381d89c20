import * as ops from '../../graph/ops.ts';
import type { GraphBuilder, Value } from '../../graph/graph-builder.ts';
import { layerKernel } from '../layer.ts';
import { product } from '../inner-product/product.ts';
import {
  firstState,
  inputParams,
  inputProjection,
  overSteps,
  recurrenceOver,
  recurrentSettings,
  stepOf,
  RECURRENT_FIELDS,
  recurrentBottoms,
  recurrentTops,
} from './recurrent.ts';

/**
 * LSTM, unrolled over the T steps of x [T, N, ..], with y [T, N, hidden]:
 *
 *   [i f o g] = w_x x_t + b + w_h (cont_t h);   i, f, o through sigmoid, g through tanh
 *   c' = cont_t f c + i g;   h' = o tanh(c')
 *
 * Blobs: w_x [4 hidden, inputs], b [4 hidden], that of the static input if there is one, w_h [4 hidden, hidden].
 * Source: Caffe's `lstm_layer.cpp` and `lstm_unit_layer.cpp`.
 */
export const lstm = layerKernel({
  type: 'LSTM',
  bottoms: recurrentBottoms(2),
  tops: recurrentTops(2),
  fields: { recurrent_param: RECURRENT_FIELDS },
  settings: recurrentSettings,
  params(settings, bottoms) {
    const { hidden, weightFiller } = settings;
    const weight = { shape: [4 * hidden, hidden], filler: weightFiller };
    return [...inputParams(recurrenceOver(settings, bottoms, 2), 4 * hidden), weight];
  },
  lower({ g, settings, bottoms, params, state }) {
    const shapes = bottoms.map(({ shape }) => shape);
    const recurrence = recurrenceOver(settings, shapes, 2);
    const { steps, batch, hidden, exposed } = recurrence;
    const wh = params.at(-1)!;
    const projection = inputProjection(g, bottoms, params, recurrence);
    const conts = ops.reshape(g, bottoms[1]!, [steps, batch, 1]);
    let [h, c] = firstState(bottoms, ['h', 'c'], recurrence, { g, state }) as [Value, Value];
    const units: Unit[] = [];
    for (let t = 0; t < steps; t++) {
      const cont = stepOf(g, conts, t);
      const continued = ops.mul(g, h, cont);
      const z = ops.add(g, stepOf(g, projection.value, t), product(g, continued, wh, { transposeB: true }));
      const unit = lstmUnit(g, z, c, cont, continued);
      units.push(unit);
      [h, c] = [unit.h, unit.c];
    }
    const y = overSteps(
      g,
      units.map((unit) => unit.h),
    );
    const last = [h, c].map((value) => ops.reshape(g, value, [1, batch, hidden]));
    return {
      tops: exposed ? [y, ...last] : [y],
      ...(exposed ? {} : { nextState: { h, c } }),
      backward([dy]) {
        const dz: Value[] = [];
        let next: { dh: Value; dc: Value } | undefined;
        for (const [t, unit] of [...units.entries()].reverse()) {
          const own = stepOf(g, dy!, t);
          const gradient = unit.backward(next ? ops.add(g, own, next.dh) : own, next?.dc);
          dz.unshift(gradient.dz);
          next = { dh: ops.mul(g, product(g, gradient.dz, wh), stepOf(g, conts, t)), dc: gradient.dc };
        }
        const all = ops.concat(g, dz, 0);
        const before = ops.concat(
          g,
          units.map((unit) => unit.continued),
          0,
        );
        const input = projection.backward(all);
        return {
          bottoms: [input.x, undefined, ...input.fixed, ...(exposed ? [undefined, undefined] : [])],
          params: [...input.params, product(g, all, before, { transposeA: true })],
        };
      },
    };
  },
});

interface Unit {
  h: Value;
  c: Value;
  /** cont h of the step before. */
  continued: Value;
  /** Of dh and dc (none after the last step): dz [N, 4 hidden], and dc of the step before. */
  backward(dh: Value, dc: Value | undefined): { dz: Value; dc: Value };
}

function lstmUnit(g: GraphBuilder, z: Value, before: Value, cont: Value, continued: Value): Unit {
  const hidden = before.shape[1]!;
  const gate = (index: number) => ops.slice(g, z, [{ axis: 1, start: index * hidden, length: hidden }]);
  const [i, forget, o] = [0, 1, 2].map((index) => ops.sigmoid(g, gate(index))) as [Value, Value, Value];
  const candidate = ops.tanh(g, gate(3));
  const f = ops.mul(g, forget, cont);
  const c = ops.add(g, ops.mul(g, f, before), ops.mul(g, i, candidate));
  const squashed = ops.tanh(g, c);
  const one = g.scalar(1);
  const ofSigmoid = (s: Value) => ops.mul(g, s, ops.sub(g, one, s));
  const ofTanh = (s: Value) => ops.sub(g, one, ops.mul(g, s, s));
  return {
    h: ops.mul(g, o, squashed),
    c,
    continued,
    backward(dh, dcAfter) {
      const through = ops.mul(g, ops.mul(g, dh, o), ofTanh(squashed));
      const dc = dcAfter ? ops.add(g, dcAfter, through) : through;
      const parts = [
        ops.mul(g, ops.mul(g, dc, candidate), ofSigmoid(i)),
        ops.mul(g, ops.mul(g, dc, before), ofSigmoid(f)),
        ops.mul(g, ops.mul(g, dh, squashed), ofSigmoid(o)),
        ops.mul(g, ops.mul(g, dc, i), ofTanh(candidate)),
      ];
      return { dz: ops.concat(g, parts, 1), dc: ops.mul(g, dc, f) };
    },
  };
}
