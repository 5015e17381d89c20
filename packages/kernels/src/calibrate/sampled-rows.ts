import type { RunOutput } from '../net/net-runner.ts';
import type { ClipRange } from '../quantizers/canonical-plan.ts';
import { ulqGrid } from '../quantizers/ulq.ts';
import { type RowLayer, samplePositions } from './layer-rows.ts';

/** Rows that a layer is learned and judged on, at most, and values in them. */
const MOST_ROWS = 4096;
const MOST_VALUES = 2 ** 24;

/** Fewer than these say nothing. */
const LEAST_ROWS = 16;

/** The share of the rows that learning does not see, by which it is judged. */
const JUDGED = 1 / 4;

const BATCH_ROWS = 256;

/** Some of a layer's rows: `x` is [batches, groups, rows, K], `y` the float net's output without the bias, [batches, groups, rows, O]. */
export interface Rows {
  readonly batches: number;
  readonly rows: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
}

export interface SampledRows {
  readonly learned: Rows;
  readonly judged: Rows;
  /** Sum of the squares of the float net's output, bias and all, in the judged rows. */
  readonly signal: number;
}

export interface LayerData {
  readonly bottoms: readonly RunOutput[];
  readonly tops: readonly RunOutput[];
  readonly bias: Float32Array | undefined;
  readonly clip: ClipRange;
}

export function sampledRows(name: string, layer: RowLayer, data: LayerData): SampledRows | string {
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
