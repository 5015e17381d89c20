import { floatTensor, openSession } from '../graph/session.ts';
import type { ArqResult } from '../quantizers/arq.ts';
import type { RowLayer } from './layer-rows.ts';
import { adamRate, isUp, roundingModel, startOf, STATE } from './rounding-graph.ts';
import type { Rows, SampledRows } from './sampled-rows.ts';

const ITERATIONS = 1000;

/** The regularizer waits for this share of the iterations; then beta falls. Source: the paper's supplement. */
const WARM_UP = 0.2;
const [FIRST_BETA, LAST_BETA] = [20, 2];

/** Of the regularizer; with the loss in its own unit 0.3 to 3 give the same on nets that were tried. */
const LAMBDA = 1;

/** What learning did to a layer's weights. */
export interface RoundingEffect {
  /** Weights that are not rounded to the nearest any more. */
  changed: number;
  /** Signal-to-noise ratio of the layer's output to the float net's in dB, with the weights rounded to nearest and as learned. */
  before: number;
  after: number;
}

/** What is learned of each weight, [groups, K, O]: V. */
export async function learnSteps(
  layer: RowLayer,
  blob: Float32Array,
  scaleOf: (element: number) => number,
  { learned }: SampledRows,
): Promise<Float32Array> {
  const { groups, inputs, outputs } = layer;
  const { batches, rows, x, y } = learned;
  const shape = [groups, inputs, outputs];
  const inOrder = (value: (element: number) => number): Float32Array =>
    ofWeights(layer, (g, k, o) => value(layer.weightAt(g, k, o)));
  const floor = inOrder((i) => Math.floor(blob[i]! / scaleOf(i)));
  const scale = inOrder(scaleOf);
  const nearestError = inOrder((i) => Math.round(blob[i]! / scaleOf(i)) * scaleOf(i) - blob[i]!);
  const unit = unitOf(layer, learned, nearestError);
  let state: Record<string, Float32Array> = {
    v: inOrder((i) => startOf(blob[i]! / scaleOf(i) - Math.floor(blob[i]! / scaleOf(i)))),
    mean: new Float32Array(blob.length),
    square: new Float32Array(blob.length),
  };
  // One thread: the same bytes on any machine.
  const session = await openSession(roundingModel({ groups, rows, inputs, outputs }), { threads: 1 });
  try {
    const constants = {
      floor: floatTensor(floor, shape),
      scale: floatTensor(scale, shape),
      unit: floatTensor(unit, [groups, 1, outputs]),
    };
    const [xSize, ySize] = [groups * rows * inputs, groups * rows * outputs];
    for (let i = 0; i < ITERATIONS; i++) {
      const batch = i % batches;
      const done = (i / ITERATIONS - WARM_UP) / (1 - WARM_UP);
      const beta = LAST_BETA + ((FIRST_BETA - LAST_BETA) / 2) * (1 + Math.cos(Math.PI * Math.max(0, done)));
      const number = (value: number) => floatTensor(Float32Array.of(value), []);
      const results = await session.run({
        ...constants,
        ...Object.fromEntries(STATE.map((name) => [name, floatTensor(state[name]!, shape)])),
        x: floatTensor(x.subarray(batch * xSize, (batch + 1) * xSize), [groups, rows, inputs]),
        y: floatTensor(y.subarray(batch * ySize, (batch + 1) * ySize), [groups, rows, outputs]),
        ...{ lambda: number(done < 0 ? 0 : LAMBDA), beta: number(beta), rate: number(adamRate(i)) },
      });
      state = Object.fromEntries(STATE.map((name) => [name, results[`next/${name}`]!.data as Float32Array]));
    }
  } finally {
    await session.release();
  }
  return state['v']!;
}

/** An array [groups, K, O]. */
function ofWeights(
  { groups, inputs, outputs }: RowLayer,
  value: (group: number, input: number, output: number) => number,
): Float32Array {
  const values = new Float32Array(groups * inputs * outputs);
  let i = 0;
  for (let g = 0; g < groups; g++)
    for (let k = 0; k < inputs; k++) for (let o = 0; o < outputs; o++) values[i++] = value(g, k, o);
  return values;
}

/** Of each output: K / (mean of its squared error by rounding to nearest), 0 where that is none. */
function unitOf({ groups, inputs, outputs }: RowLayer, rows: Rows, error: Float32Array): Float32Array {
  const noise = squaredErrors({ groups, inputs, outputs }, { ...rows, batches: 1 }, error, () => 0);
  const unit = Float32Array.from(noise, (sum) => (inputs * rows.rows) / sum);
  return unit.map((value) => (Number.isFinite(value) ? value : 0));
}

/** By output, [groups * O]: the sum over rows of (x w - y)², w being [groups, K, O]. */
function squaredErrors(
  { groups, inputs, outputs }: Pick<RowLayer, 'groups' | 'inputs' | 'outputs'>,
  { batches, rows, x }: Rows,
  weights: Float32Array,
  target: (element: number) => number,
): Float64Array {
  const errors = new Float64Array(groups * outputs);
  const sums = new Float64Array(outputs);
  for (let batch = 0; batch < batches; batch++) {
    for (let g = 0; g < groups; g++) {
      for (let row = 0; row < rows; row++) {
        const at = (batch * groups + g) * rows + row;
        sums.fill(0);
        for (let k = 0; k < inputs; k++) {
          const value = x[at * inputs + k]!;
          if (value === 0) continue;
          const from = (g * inputs + k) * outputs;
          for (let o = 0; o < outputs; o++) sums[o]! += value * weights[from + o]!;
        }
        for (let o = 0; o < outputs; o++) errors[g * outputs + o]! += (sums[o]! - target(at * outputs + o)) ** 2;
      }
    }
  }
  return errors;
}

/** What outputs that are equal count as, in dB. */
const EQUAL_DB = 200;

/** The steps of the layer's weights: as learned for the outputs that come nearer to the float net's by it, else the nearest. */
export function judgedSteps(
  layer: RowLayer,
  {
    blob,
    arq,
    scaleOf,
    learned,
  }: { blob: Float32Array; arq: ArqResult; scaleOf: (element: number) => number; learned: Float32Array },
  { judged: rows, signal }: SampledRows,
): RoundingEffect & { quantized: Int8Array } {
  const { groups, inputs, outputs } = layer;
  const steps = new Int8Array(blob.length);
  const at = (g: number, k: number, o: number) => (g * inputs + k) * outputs + o;
  for (let g = 0; g < groups; g++) {
    for (let k = 0; k < inputs; k++) {
      for (let o = 0; o < outputs; o++) {
        const i = layer.weightAt(g, k, o);
        const down = Math.floor(blob[i]! / scaleOf(i));
        const step = down + (isUp(learned[at(g, k, o)]!) ? 1 : 0);
        // The scale comes from the ends of the grid, so they stay.
        steps[i] = Math.abs(arq.quantized[i]!) >= 127 ? arq.quantized[i]! : step;
      }
    }
  }
  const valuesOf = (quantized: Int8Array) =>
    ofWeights(layer, (g, k, o) => {
      const i = layer.weightAt(g, k, o);
      return quantized[i]! * scaleOf(i);
    });
  const target = (element: number) => rows.y[element]!;
  const nearest = squaredErrors(layer, rows, valuesOf(arq.quantized), target);
  const asLearned = squaredErrors(layer, rows, valuesOf(steps), target);
  const quantized = arq.quantized.slice();
  let [changed, before, after] = [0, 0, 0];
  for (let g = 0; g < groups; g++) {
    for (let o = 0; o < outputs; o++) {
      const channel = g * outputs + o;
      before += nearest[channel]!;
      after += Math.min(nearest[channel]!, asLearned[channel]!);
      if (asLearned[channel]! >= nearest[channel]!) continue;
      for (let k = 0; k < inputs; k++) {
        const i = layer.weightAt(g, k, o);
        if (quantized[i] !== steps[i]) changed++;
        quantized[i] = steps[i]!;
      }
    }
  }
  const ratio = (noise: number) =>
    noise > 0 && signal > 0 ? Math.min(EQUAL_DB, 10 * Math.log10(signal / noise)) : EQUAL_DB;
  return { quantized, changed, before: ratio(before), after: ratio(after) };
}
