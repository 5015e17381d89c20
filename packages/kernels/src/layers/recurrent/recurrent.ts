import { type Count, type LayerParameter, type MessageUse, read } from '@caffe-quant/caffe-io';
import { FILLER } from '../../fillers/filler-fields.ts';
import * as ops from '../../graph/ops.ts';
import { elementCount, type GraphBuilder, type Shape, type Value } from '../../graph/graph-builder.ts';
import { check, type ParamSpec } from '../layer.ts';
import { product } from '../inner-product/product.ts';

/** The fields of a `recurrent_param`. */
export const RECURRENT_FIELDS: MessageUse = {
  ...read('num_output', 'expose_hidden'),
  weight_filler: FILLER,
  bias_filler: FILLER,
  debug_info: 'prints what a layer computes',
};

/** x, cont and perhaps a static input; with `expose_hidden` the `state` blobs before the first step besides. */
export const recurrentBottoms =
  (state: number) =>
  ({ recurrent_param: param }: LayerParameter): Count =>
    param?.expose_hidden ? [2 + state, 3 + state] : [2, 3];

/** The output of all steps; with `expose_hidden` the `state` blobs after the last step besides. */
export const recurrentTops =
  (state: number) =>
  ({ recurrent_param: param }: LayerParameter): Count =>
    param?.expose_hidden ? 1 + state : 1;

/**
 * What RNN and LSTM share: x [T, N, ..] over time, `cont` [T, N] that is 0 where a sequence begins, a static input
 * [N, ..] seen at each step, and with `expose_hidden` the state before and after as bottoms and tops, which Caffe gives no
 * gradients. Otherwise the state goes on to the next forward pass. Source: Caffe's `recurrent_layer.cpp`.
 */
export interface RecurrentSettings {
  steps: number;
  batch: number;
  /** Elements of one step's input, and of the static one (0: none). */
  inputs: number;
  staticInputs: number;
  hidden: number;
  exposed: boolean;
}

export function recurrentSettings(
  layer: LayerParameter,
  bottoms: readonly Shape[],
  stateCount: number,
): RecurrentSettings {
  const { num_output = 0, expose_hidden = false } = layer.recurrent_param ?? {};
  check(num_output > 0, () => 'num_output is missing');
  const own = bottoms.length - (expose_hidden ? stateCount : 0);
  check(
    own === 2 || own === 3,
    () => `expected x, cont${expose_hidden ? ', the state' : ''}, got ${bottoms.length} bottoms`,
  );
  const [x, cont, fixed] = bottoms as [Shape, Shape, Shape?];
  check(
    x.length >= 3 && cont.length === 2,
    () => `expected x [T, N, ..] and cont [T, N], got [${x.join(', ')}] and [${cont.join(', ')}]`,
  );
  check(
    x[0] === cont[0] && x[1] === cont[1],
    () => `x [${x.join(', ')}] and cont [${cont.join(', ')}] differ in steps or batch`,
  );
  check(
    own === 2 || (fixed!.length >= 2 && fixed![0] === x[1]),
    () => `expected a static input [${x[1]}, ..], got [${fixed!.join(', ')}]`,
  );
  for (const state of bottoms.slice(own)) {
    check(
      elementCount(state) === x[1]! * num_output,
      () => `expected a state [1, ${x[1]}, ${num_output}], got [${state.join(', ')}]`,
    );
  }
  return {
    steps: x[0]!,
    batch: x[1]!,
    inputs: elementCount(x.slice(2)),
    staticInputs: own === 3 ? elementCount(fixed!.slice(1)) : 0,
    hidden: num_output,
    exposed: expose_hidden,
  };
}

/** w_x [rows, inputs], b [rows], and the static input's [rows, staticInputs] where there is one. */
export function inputParams(
  layer: LayerParameter,
  { inputs, staticInputs }: RecurrentSettings,
  rows: number,
): ParamSpec[] {
  const { weight_filler: filler, bias_filler } = layer.recurrent_param ?? {};
  const specs: ParamSpec[] = [
    { shape: [rows, inputs], filler },
    { shape: [rows], filler: bias_filler },
  ];
  return staticInputs > 0 ? [...specs, { shape: [rows, staticInputs], filler }] : specs;
}

/** The state before the first step: `count` values [N, hidden], exposed bottoms or what the last pass left. */
export function firstState(
  bottoms: readonly Value[],
  names: readonly string[],
  { batch, hidden, exposed }: RecurrentSettings,
  context: { g: GraphBuilder; state?: ((name: string, shape: Shape) => Value) | undefined },
): Value[] {
  const { g, state } = context;
  if (exposed) return bottoms.slice(-names.length).map((bottom) => ops.reshape(g, bottom, [batch, hidden]));
  return names.map((name) => (state ? state(name, [batch, hidden]) : ops.zeros(g, [batch, hidden])));
}

/** w_x x + b + w_s s for all steps at once, [T, N, rows], and the gradients of all that is in it. */
export function inputProjection(
  g: GraphBuilder,
  bottoms: readonly Value[],
  params: readonly Value[],
  { steps, batch, inputs, staticInputs }: RecurrentSettings,
) {
  const [x, , fixed] = bottoms as [Value, Value, Value?];
  const [wx, b, ws] = params as [Value, Value, Value?];
  const rows = wx.shape[0]!;
  const matrix = ops.reshape(g, x, [steps * batch, inputs]);
  const projected = ops.add(g, product(g, matrix, wx, { transposeB: true }), b);
  const overTime = ops.reshape(g, projected, [steps, batch, rows]);
  const constant = staticInputs > 0 ? ops.reshape(g, fixed!, [batch, staticInputs]) : undefined;
  const value = constant ? ops.add(g, overTime, product(g, constant, ws!, { transposeB: true })) : overTime;
  return {
    value,
    /** Of dz [T * N, rows]: gradients of x and the static input, and of their blobs. */
    backward(dz: Value): { x: Value; fixed: Value[]; params: Value[] } {
      const dwx = product(g, dz, matrix, { transposeA: true });
      const params = [dwx, ops.reduceSum(g, dz, [0])];
      const dx = ops.reshape(g, product(g, dz, wx), x.shape);
      if (!constant) return { x: dx, fixed: [], params };
      const overSteps = ops.reduceSum(g, ops.reshape(g, dz, [steps, batch, rows]), [0]);
      return {
        x: dx,
        fixed: [ops.reshape(g, product(g, overSteps, ws!), fixed!.shape)],
        params: [...params, product(g, overSteps, constant, { transposeA: true })],
      };
    },
  };
}

/** Step `t` of a value [T, N, ..] as [N, ..]. */
export function stepOf(g: GraphBuilder, value: Value, t: number): Value {
  return ops.reshape(g, ops.slice(g, value, [{ axis: 0, start: t, length: 1 }]), value.shape.slice(1));
}

/** Values [N, ..] of all steps as [T, N, ..]. */
export function overSteps(g: GraphBuilder, values: readonly Value[]): Value {
  return ops.concat(
    g,
    values.map((value) => ops.reshape(g, value, [1, ...value.shape])),
    0,
  );
}
