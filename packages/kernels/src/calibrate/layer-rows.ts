import { settingsOf, type GraphLayer } from '@caffe-quant/caffe-io';
import { randomOf } from '../fillers/random.ts';
import { elementCount, type Shape } from '../graph/graph-builder.ts';
import { convolutionOver } from '../layers/convolution/convolution-settings.ts';
import { dilated, type Window } from '../layers/convolution/spatial.ts';
import { innerProduct } from '../layers/inner-product/inner-product.ts';
import { canonicalAxis } from '../layers/layer.ts';
import { channelAxisOf, convolutionOfType } from '../layers/registry.ts';
import type { RunOutput } from '../net/net-runner.ts';

/**
 * A layer as products of rows: at each of its positions, and in each of its groups, y [O] = x [K] w [K, O] + b. For a convolution
 * a position is one of its windows in one image, and x what the window sees of a group's channels.
 */
export interface RowLayer {
  readonly groups: number;
  /** K. */
  readonly inputs: number;
  /** O, of one group. */
  readonly outputs: number;
  readonly hasBias: boolean;
  /** Element of the layer's weights that joins input k and output o of a group. */
  weightAt(group: number, input: number, output: number): number;
  /** Positions in a batch. */
  positionsIn(bottom: Shape): number;
  /** Writes x of one position and group into `row`, from `at` on, of a batch's bottom. */
  readRow(bottom: RunOutput, position: number, group: number, row: Float32Array, at: number): void;
  /** Element of a batch's top that is output o of a group at a position. */
  topAt(top: Shape, position: number, group: number, output: number): number;
}

/**
 * @param bottom shape of the layer's input
 * @returns in words, why the layer is no such product here
 */
export function rowLayer(layer: GraphLayer, bottom: Shape): RowLayer | string {
  return layer.type === innerProduct.type ? innerProductRows(layer, bottom) : convolutionRows(layer, bottom);
}

function innerProductRows({ param }: GraphLayer, bottom: Shape): RowLayer | string {
  const { axis, numOutput, transposed, bias, hasUnitRows } = settingsOf(innerProduct, param);
  if (hasUnitRows) return 'its rows are held to the norm 1';
  const inputs = elementCount(bottom.slice(canonicalAxis(axis, bottom.length)));
  return {
    ...{ groups: 1, inputs, outputs: numOutput, hasBias: bias },
    weightAt: (_, k, o) => (transposed ? k * numOutput + o : o * inputs + k),
    positionsIn: (shape) => elementCount(shape) / inputs,
    readRow: ({ data }, position, _, row, at) => row.set(data.subarray(position * inputs, (position + 1) * inputs), at),
    topAt: (_shape, position, _, o) => position * numOutput + o,
  };
}

function convolutionRows({ type, param }: GraphLayer, bottom: Shape): RowLayer | string {
  const kernel = convolutionOfType(type);
  if (!kernel) return `${type} has no weights that a sum is taken with`;
  if (channelAxisOf(type) !== 0) return `the outputs of ${type} are no products of windows`;
  const settings = settingsOf(kernel, param);
  if (settings.axis !== 1) return `its channels are not on axis 1 but on ${settings.axis}`;
  const { numOutput, group, window } = convolutionOver(settings, bottom);
  const channels = bottom[1]! / group;
  const outputs = numOutput / group;
  const area = elementCount(window.kernel);
  const inputs = channels * area;
  return {
    ...{ groups: group, inputs, outputs, hasBias: settings.bias },
    weightAt: (g, k, o) => (g * outputs + o) * inputs + k,
    positionsIn: (shape) => shape[0]! * elementCount(windowsOf(shape, window)),
    readRow({ shape, data }, position, g, row, at) {
      const size = shape.slice(2);
      const places = elementCount(size);
      const windows = windowsOf(shape, window);
      const image = Math.floor(position / elementCount(windows));
      const corner = unravel(position % elementCount(windows), windows).map(
        (index, axis) => index * window.stride[axis]! - window.pad[axis]!,
      );
      const first = (image * shape[1]! + g * channels) * places;
      for (let tap = 0; tap < area; tap++) {
        const place = placeOf(unravel(tap, window.kernel), corner, window, size);
        for (let c = 0; c < channels; c++)
          row[at + c * area + tap] = place === undefined ? 0 : data[first + c * places + place]!;
      }
    },
    topAt(top, position, g, o) {
      const places = elementCount(top.slice(2));
      return (Math.floor(position / places) * numOutput + g * outputs + o) * places + (position % places);
    },
  };
}

/** Windows along each spatial axis. */
const windowsOf = (bottom: Shape, { kernel, stride, pad, padEnd, dilation }: Window): number[] =>
  bottom.slice(2).map((size, axis) => {
    const room = size + pad[axis]! + padEnd[axis]! - dilated(kernel[axis]!, dilation[axis]!);
    return Math.floor(room / stride[axis]!) + 1;
  });

/** Where in a channel a tap of a window lies; undefined in the padding. */
function placeOf(tap: readonly number[], corner: readonly number[], { dilation }: Window, size: readonly number[]) {
  let place = 0;
  for (const [axis, length] of size.entries()) {
    const index = corner[axis]! + tap[axis]! * dilation[axis]!;
    if (index < 0 || index >= length) return undefined;
    place = place * length + index;
  }
  return place;
}

/** Indices along the axes of element `index`, in C order. */
function unravel(index: number, sizes: readonly number[]): number[] {
  const indices: number[] = [];
  for (const size of [...sizes].reverse()) {
    indices.unshift(index % size);
    index = Math.floor(index / size);
  }
  return indices;
}

/** A position in the calibration data. */
export interface SampledPosition {
  readonly batch: number;
  readonly position: number;
}

/**
 * Up to `most` different positions of a layer in all batches, in random order, by a generator whose seed is the layer's name.
 */
export function samplePositions(name: string, perBatch: readonly number[], most: number): SampledPosition[] {
  const random = randomOf(`rounding/${name}`);
  const total = perBatch.reduce((sum, count) => sum + count, 0);
  const order = Uint32Array.from({ length: total }, (_, i) => i);
  const count = Math.min(most, total);
  const sampled: SampledPosition[] = [];
  for (let i = 0; i < count; i++) {
    // Fisher and Yates's shuffle, as far as it is needed.
    const other = i + Math.floor(random.uniform() * (total - i));
    [order[i], order[other]] = [order[other]!, order[i]!];
    let position = order[i]!;
    let batch = 0;
    while (position >= perBatch[batch]!) position -= perBatch[batch++]!;
    sampled.push({ batch, position });
  }
  return sampled;
}
