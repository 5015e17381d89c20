import { type Count, type FillerParameter, type LayerFields, read } from '@caffe-quant/caffe-io';
import { FILLER } from '../../fillers/filler-fields.ts';
import * as ops from '../../graph/ops.ts';
import { elementCount, type GraphBuilder, type Shape, type Value } from '../../graph/graph-builder.ts';
import { check, type ParamSpec } from '../layer.ts';
import { product } from '../inner-product/product.ts';

/** The fields of a `recurrent_param`. */
export const RECURRENT_FIELDS = {
  ...read('num_output', 'expose_hidden'),
  weight_filler: FILLER,
  bias_filler: FILLER,
  debug_info: 'prints what a layer computes',
} as const;

/** What a `recurrent_param` says. */
export interface RecurrentSettings {
  /** Elements of the state, and of one step's output. */
  readonly hidden: number;
  /** The state before and after is among the bottoms and tops. */
  readonly exposed: boolean;
  readonly weightFiller: FillerParameter | undefined;
  readonly biasFiller: FillerParameter | undefined;
}

export function recurrentSettings({
  recurrent_param: param,
}: LayerFields<{ recurrent_param: typeof RECURRENT_FIELDS }>): RecurrentSettings {
  const { num_output: hidden = 0, expose_hidden: exposed = false } = param ?? {};
  check(hidden > 0, () => 'num_output is missing');
  return { hidden, exposed, weightFiller: param?.weight_filler, biasFiller: param?.bias_filler };
}

/** x, cont and perhaps a static input; with `expose_hidden` the `state` blobs before the first step besides. */
export const recurrentBottoms =
  (state: number) =>
  ({ exposed }: RecurrentSettings): Count =>
    exposed ? [2 + state, 3 + state] : [2, 3];

/** The output of all steps; with `expose_hidden` the `state` blobs after the last step besides. */
export const recurrentTops =
  (state: number) =>
  ({ exposed }: RecurrentSettings): Count =>
    exposed ? 1 + state : 1;

/**
 * What RNN and LSTM share: x [T, N, ..] over time, `cont` [T, N] that is 0 where a sequence begins, a static input
 * [N, ..] seen at each step, and with `expose_hidden` the state before and after as bottoms and tops, which Caffe gives no
 * gradients. Otherwise the state goes on to the next forward pass. Source: Caffe's `recurrent_layer.cpp`.
 */
export interface Recurrence extends RecurrentSettings {
  readonly steps: number;
  readonly batch: number;
  /** Elements of one step's input, and of the static one (0: none). */
  readonly inputs: number;
  readonly staticInputs: number;
}

/** @throws LayerError where the settings do not fit bottoms of these shapes */
export function recurrenceOver(settings: RecurrentSettings, bottoms: readonly Shape[], stateCount: number): Recurrence {
  const { hidden, exposed } = settings;
  const own = bottoms.length - (exposed ? stateCount : 0);
  check(own === 2 || own === 3, () => `expected x, cont${exposed ? ', the state' : ''}, got ${bottoms.length} bottoms`);
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
      elementCount(state) === x[1]! * hidden,
      () => `expected a state [1, ${x[1]}, ${hidden}], got [${state.join(', ')}]`,
    );
  }
  return {
    ...settings,
    steps: x[0]!,
    batch: x[1]!,
    inputs: elementCount(x.slice(2)),
    staticInputs: own === 3 ? elementCount(fixed!.slice(1)) : 0,
  };
}

/** w_x [rows, inputs], b [rows], and the static input's [rows, staticInputs] where there is one. */
export function inputParams({ inputs, staticInputs, weightFiller, biasFiller }: Recurrence, rows: number): ParamSpec[] {
  const specs: ParamSpec[] = [
    { shape: [rows, inputs], filler: weightFiller },
    { shape: [rows], filler: biasFiller },
  ];
  return staticInputs > 0 ? [...specs, { shape: [rows, staticInputs], filler: weightFiller }] : specs;
}

/** The state before the first step: `count` values [N, hidden], exposed bottoms or what the last pass left. */
export function firstState(
  bottoms: readonly Value[],
  names: readonly string[],
  { batch, hidden, exposed }: Recurrence,
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
  { steps, batch, inputs, staticInputs }: Recurrence,
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
