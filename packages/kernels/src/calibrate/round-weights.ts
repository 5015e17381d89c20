import { sharedParametersOf, type GraphLayer, type NetGraph } from '@caffe-quant/caffe-io';
import { DiagnosticsError, internalError } from 'caffe-prototxt-parser';
import { elementCount, type Shape } from '../graph/graph-builder.ts';
import { floatTensor, openSession } from '../graph/session.ts';
import { channelAxisOf } from '../layers/registry.ts';
import { parameterShapes } from '../net/fit-weights.ts';
import type { RunOutput } from '../net/net-runner.ts';
import { type ArqResult, quantizeWeights } from '../quantizers/arq.ts';
import type { CanonicalLayer, ClipRange } from '../quantizers/canonical-plan.ts';
import { ulqGrid } from '../quantizers/ulq.ts';
import { CalibrationPass, type CalibrationData } from './calibration-pass.ts';
import type { LeftOut } from './channel-pairs.ts';
import { rowLayer, samplePositions, type RowLayer } from './layer-rows.ts';
import { adamRate, isUp, roundingModel, startOf, STATE } from './rounding-graph.ts';

export interface RoundingInput extends CalibrationData {
  /** Of every quantizer. */
  clips: ReadonlyMap<string, ClipRange>;
  /** Told after each layer of the plan, those among them that are left out. */
  onLayer?: () => void;
}

/** What learning did to one layer. */
export interface RoundedLayer {
  layer: string;
  /** Weights that are not rounded to the nearest any more, of so many. */
  changed: number;
  of: number;
  /** Signal-to-noise ratio of the layer's output to the float net's in dB, with the weights rounded to nearest and as learned. */
  before: number;
  after: number;
}

export interface LearnedRounding {
  /** The blobs of the layers that changed: weights that ARQ rounds as was learned, with the scales that they had. */
  weights: Map<string, Float32Array[]>;
  layers: readonly RoundedLayer[];
  leftOut: readonly LeftOut[];
}

/** Rows that a layer is learned and judged on, at most, and values in them. */
const MOST_ROWS = 4096;
const MOST_VALUES = 2 ** 24;

/** Fewer than these say nothing. */
const LEAST_ROWS = 16;

/** The share of the rows that learning does not see, by which it is judged. */
const JUDGED = 1 / 4;

const BATCH_ROWS = 256;
const ITERATIONS = 1000;

/** A step goes through all of a layer's weights and three more numbers for each. */
const MOST_WEIGHTS = 2 ** 22;

/** The regularizer waits for this share of the iterations; then beta falls. Source: the paper's supplement. */
const WARM_UP = 0.2;
const [FIRST_BETA, LAST_BETA] = [20, 2];

/** Of the regularizer; with the loss in its own unit 0.3 to 3 give the same on nets that were tried. */
const LAMBDA = 1;

/**
 * Learns for each weight whether it is rounded up or down, layer by layer, so that the layer's output on its quantized input, the
 * layers before it rounded already, comes as near as it can to the float net's (AdaRound; the formulas are at `roundingModel`).
 * A quarter of the rows is not learned on: an output whose rounding is not better on these keeps the nearest.
 *
 * @throws DiagnosticsError where a blob is not finite
 */
export async function learnRounding(input: RoundingInput): Promise<LearnedRounding> {
  const { graph, inputShapes, plan, clips, onLayer = () => undefined } = input;
  const weights = new Map(input.weights);
  const shapes = new Map(parameterShapes(graph, inputShapes).map(({ layer, shapes: ofBlobs }) => [layer, ofBlobs]));
  const { targets, leftOut } = targetsOf(graph, plan.layers, shapes);
  const float = new CalibrationPass(
    { ...input, plan: { ...plan, layers: [], quantizers: [] } },
    targets.map(({ layer }) => layer.tops[0]!.id),
  );
  // It reads the weights when it comes to their layer.
  const quantized = new CalibrationPass(
    { ...input, weights },
    targets.map(({ layer }) => layer.bottoms[0]!.id),
  );
  const rounded: LearnedRounding = { weights: new Map(), layers: [], leftOut: [] };
  const layers: RoundedLayer[] = [];
  for (const _ of leftOut) onLayer();
  for (const [done, { layer, planned }] of targets.entries()) {
    if (done > 0) onLayer();
    const bottoms = await quantized.outputsOf(layer.bottoms[0]!.id, clips);
    const tops = await float.outputsOf(layer.tops[0]!.id, new Map());
    const rows = rowLayer(layer, bottoms[0]!.shape);
    if (typeof rows === 'string') {
      leftOut.push({ layer: layer.name, reason: rows });
      continue;
    }
    const [blob, ...others] = weights.get(layer.name)!;
    const shape = shapes.get(layer.name)![0]!;
    const axis = planned.channelWise ? channelAxisOf(layer.type) : undefined;
    const arq = quantizeWeights(blob!, shape, axis);
    const data = sampledRows(layer.name, rows, { bottoms, tops, bias: others[0], clip: clips.get(planned.quantizer)! });
    if (typeof data === 'string') {
      leftOut.push({ layer: layer.name, reason: data });
      continue;
    }
    const scaleOf = scalesOf(arq, shape, axis);
    const learned = await learnLayer(rows, blob!, scaleOf, data);
    const { quantized: steps, ...effect } = judged(rows, { blob: blob!, arq, scaleOf, learned }, data);
    layers.push({ layer: layer.name, of: blob!.length, ...effect });
    if (effect.changed === 0) continue;
    const grid = onGrid(blob!, steps, arq, scaleOf);
    checkGrid(layer, quantizeWeights(grid, shape, axis), { scales: arq.scales, quantized: steps });
    const changed = [grid, ...others];
    weights.set(layer.name, changed);
    rounded.weights.set(layer.name, changed);
  }
  return { ...rounded, layers, leftOut };
}

interface Target {
  readonly layer: GraphLayer;
  readonly planned: CanonicalLayer;
}

function targetsOf(graph: NetGraph, planned: readonly CanonicalLayer[], shapes: ReadonlyMap<string, readonly Shape[]>) {
  const sharing = new Set(sharedParametersOf(graph).flatMap(({ uses }) => uses.map((use) => use.layer.name)));
  const targets: Target[] = [];
  const leftOut: LeftOut[] = [];
  for (const each of planned) {
    const layer = graph.layers.find(({ name }) => name === each.name);
    if (!layer || each.channelWise === undefined) continue;
    const count = elementCount(shapes.get(each.name)![0]!);
    const reason =
      layer.tops.length !== 1
        ? 'it has several inputs'
        : sharing.has(each.name)
          ? 'it shares its parameters with another layer'
          : count > MOST_WEIGHTS
            ? `it has ${count} weights, more than the ${MOST_WEIGHTS} that are learned one by one`
            : undefined;
    if (reason === undefined) targets.push({ layer, planned: each });
    else leftOut.push({ layer: each.name, reason });
  }
  return { targets, leftOut };
}

/** Some of a layer's rows: `x` is [batches, groups, rows, K], `y` the float net's output without the bias, [batches, groups, rows, O]. */
interface Rows {
  readonly batches: number;
  readonly rows: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
}

interface SampledRows {
  readonly learned: Rows;
  readonly judged: Rows;
  /** Sum of the squares of the float net's output, bias and all, in the judged rows. */
  readonly signal: number;
}

interface LayerData {
  readonly bottoms: readonly RunOutput[];
  readonly tops: readonly RunOutput[];
  readonly bias: Float32Array | undefined;
  readonly clip: ClipRange;
}

function sampledRows(name: string, layer: RowLayer, data: LayerData): SampledRows | string {
  const { groups, inputs } = layer;
  const most = Math.min(MOST_ROWS, Math.floor(MOST_VALUES / (groups * inputs)));
  const perBatch = data.bottoms.map(({ shape }) => layer.positionsIn(shape));
  const positions = samplePositions(name, perBatch, most);
  if (positions.length < LEAST_ROWS)
    return `the calibration data have ${positions.length} rows of it, and it takes ${LEAST_ROWS}`;
  const count = Math.floor(positions.length * JUDGED);
  const forLearning = positions.slice(count);
  const rows = Math.min(BATCH_ROWS, forLearning.length);
  const learned = gathered(layer, data, forLearning, Math.floor(forLearning.length / rows), rows);
  const judgedRows = gathered(layer, data, positions.slice(0, count), 1, count);
  return { learned, judged: judgedRows, signal: signalOf(layer, judgedRows, data.bias) };
}

function gathered(
  layer: RowLayer,
  { bottoms, tops, bias, clip }: LayerData,
  positions: readonly { batch: number; position: number }[],
  batches: number,
  rows: number,
): Rows {
  const { groups, inputs, outputs } = layer;
  const x = new Float32Array(batches * groups * rows * inputs);
  const y = new Float32Array(batches * groups * rows * outputs);
  for (let batch = 0; batch < batches; batch++) {
    for (let row = 0; row < rows; row++) {
      const { batch: from, position } = positions[batch * rows + row]!;
      const top = tops[from]!;
      for (let group = 0; group < groups; group++) {
        const at = (batch * groups + group) * rows + row;
        layer.readRow(bottoms[from]!, position, group, x, at * inputs);
        for (let o = 0; o < outputs; o++) {
          const value = top.data[layer.topAt(top.shape, position, group, o)]!;
          y[at * outputs + o] = value - (bias ? bias[group * outputs + o]! : 0);
        }
      }
    }
  }
  quantize(x, clip);
  return { batches, rows, x, y };
}

/** ULQ's forward pass. */
function quantize(values: Float32Array, clip: ClipRange): void {
  const { scale, low, high } = ulqGrid(clip);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    values[i] = value <= low ? low : value >= high ? high : Math.round(value / scale) * scale;
  }
}

function signalOf({ groups, outputs }: RowLayer, { rows, y }: Rows, bias: Float32Array | undefined): number {
  let signal = 0;
  y.forEach((value, i) => {
    const channel = (Math.floor(i / (rows * outputs)) % groups) * outputs + (i % outputs);
    signal += (value + (bias?.[channel] ?? 0)) ** 2;
  });
  return signal;
}

function scalesOf({ scales }: ArqResult, shape: Shape, axis: number | undefined): (element: number) => number {
  if (axis === undefined) return () => scales[0]!;
  const inner = elementCount(shape.slice(axis + 1));
  return (element) => scales[Math.floor(element / inner) % scales.length]!;
}

/** What is learned of each weight, [groups, K, O]: V. */
async function learnLayer(
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
  return Float32Array.from(noise, (sum) => (sum > 0 ? (inputs * rows.rows) / sum : 0));
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
function judged(
  layer: RowLayer,
  {
    blob,
    arq,
    scaleOf,
    learned,
  }: { blob: Float32Array; arq: ArqResult; scaleOf: (element: number) => number; learned: Float32Array },
  { judged: rows, signal }: SampledRows,
): Pick<RoundedLayer, 'changed' | 'before' | 'after'> & { quantized: Int8Array } {
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

/** How far towards zero of its step a weight is put: it must not become the largest of its group, which the scale comes from. */
const INSIDE = 2 ** -12;

/** Weights that ARQ rounds to these steps, with the scales that it has now: those that go there already stay what they are. */
function onGrid(
  blob: Float32Array,
  steps: Int8Array,
  arq: ArqResult,
  scaleOf: (element: number) => number,
): Float32Array {
  return blob.map((weight, i) => (arq.quantized[i] === steps[i] ? weight : steps[i]! * scaleOf(i) * (1 - INSIDE)));
}

/** @throws an internal error where ARQ makes other integers or scales of the weights than were learned */
function checkGrid(layer: GraphLayer, found: ArqResult, expected: ArqResult): void {
  const isSame = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).every((value, i) => value === b[i]);
  if (isSame(found.scales, expected.scales) && isSame(found.quantized, expected.quantized)) return;
  const message = 'weights that were rounded as was learned are not rounded so by ARQ';
  throw new DiagnosticsError([internalError(message, { code: 'rounding', layer: layer.name })]);
}
