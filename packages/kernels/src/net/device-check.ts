import type { GraphLayer, NetGraph } from '@caffe-quant/caffe-io';
import { type Diagnostic, DiagnosticsError } from 'caffe-prototxt-parser';
import type { Device } from '../graph/device.ts';
import type { Shape } from '../graph/graph-builder.ts';
import type { BlobData } from '../layers/layer.ts';
import { placeOf } from './layer-problem.ts';

/** How far what a device computes may be from what the processor computes; docs/numerics.md has the reasons. */
export interface Tolerance {
  /** Of every element, or of all together: the root of the mean of their squared differences. */
  readonly of: 'each' | 'all';
  /** Relative to the blob's largest element. */
  readonly relative: number;
}

/** Of what is continuous: sums of float32 numbers in another order. */
export const CONTINUOUS: Tolerance = { of: 'each', relative: 1e-3 };

/** Behind what rounds or chooses, where the last bit of a number decides on a whole step. */
export const STEPPED: Tolerance = { of: 'all', relative: 2e-2 };

/** A blob, or a tensor of a training, as both have computed it. */
export interface Compared {
  /** In the words of a message: `blob 'conv1'`. */
  what: string;
  shape: Shape;
  processor: Float32Array;
  device: Float32Array;
  /** What differences are relative to; absent: the largest element. */
  scale?: number;
}

/** An element that is too far from the processor's. */
export interface Difference {
  element: number;
  processor: number;
  device: number;
}

/**
 * The element that is furthest from the processor's, if that is too far. Where the processor has no finite number there is
 * none to hold the device against.
 */
export function differenceOf({ processor, device, scale }: Compared, tolerance: Tolerance): Difference | undefined {
  let [worst, element, sum, compared] = [0, 0, 0, 0];
  for (let i = 0; i < processor.length; i++) {
    if (!Number.isFinite(processor[i])) continue;
    const own = device[i]!;
    const distance = Number.isFinite(own) ? Math.abs(own - processor[i]!) : Number.POSITIVE_INFINITY;
    compared++;
    sum += distance * distance;
    if (distance > worst) [worst, element] = [distance, i];
  }
  const distance = tolerance.of === 'each' ? worst : Math.sqrt(sum / Math.max(1, compared));
  const limit = tolerance.relative * (scale ?? largest(processor));
  if (distance <= Math.max(limit, SMALLEST)) return undefined;
  return { element, processor: processor[element]!, device: device[element]! };
}

/** What is as good as 0: denormal numbers, which some devices have none of. */
const SMALLEST = 1.2e-38;

/** The largest magnitude among the finite elements. */
export function largest(data: Float32Array): number {
  let result = 0;
  for (const value of data) if (Number.isFinite(value)) result = Math.max(result, Math.abs(value));
  return result;
}

/** @throws DiagnosticsError where a layer's tensor is not what the processor makes of it */
export function expectSame(
  device: Device,
  net: Pick<NetGraph, 'file'>,
  layer: GraphLayer | undefined,
  compared: Compared,
  tolerance: Tolerance,
): void {
  const difference = differenceOf(compared, tolerance);
  if (difference) throw new DiagnosticsError([deviceDiffers(device, net, layer, compared, difference)]);
}

/** What helps where a device is wrong. */
export const DEVICE_HINT = 'nothing of it was used; device: cpu works, and so may another driver of this device';

function deviceDiffers(
  device: Device,
  net: Pick<NetGraph, 'file'>,
  layer: GraphLayer | undefined,
  { what, shape }: Compared,
  { element, processor, device: own }: Difference,
): Diagnostic {
  const place = shape.length === 0 ? '' : ` at [${indices(element, shape).join(', ')}]`;
  const type = layer ? `${layer.type}: ` : '';
  const message = `${type}the device '${device}' computes something else than the processor: ${what} ([${shape.join(', ')}]) is ${own}${place}, and ${processor} on the processor`;
  return {
    ...{ code: 'device-differs', severity: 'error', message },
    ...(layer ? placeOf(net, layer) : { file: net.file }),
    hint: DEVICE_HINT,
  };
}

function indices(element: number, shape: Shape): number[] {
  const result: number[] = [];
  let rest = element;
  for (const size of [...shape].reverse()) {
    result.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return result;
}

/** The blobs of a forward pass, by id. */
export type Blobs = ReadonlyMap<string, BlobData>;

/** A forward pass as both have computed it. */
export interface ComparedPass {
  /** Layers whose tops are compared, in net order. */
  layers: readonly GraphLayer[];
  processor: Blobs;
  device: Blobs;
  /** Whether what a layer makes rounds or chooses, or is made of what does. */
  isStepped: (layer: GraphLayer) => boolean;
}

/** @throws DiagnosticsError with the first layer in net order whose tops differ, and which others do as well */
export function expectSamePass(device: Device, net: NetGraph, pass: ComparedPass): void {
  const problems = pass.layers.flatMap((layer): Diagnostic[] => {
    const tolerance = pass.isStepped(layer) ? STEPPED : CONTINUOUS;
    for (const { id, name } of layer.tops) {
      const [processor, own] = [pass.processor.get(id), pass.device.get(id)];
      if (!processor || !own) continue;
      const compared = { what: `blob '${name}'`, shape: processor.shape, processor: processor.data, device: own.data };
      const difference = differenceOf(compared, tolerance);
      if (difference) return [deviceDiffers(device, net, layer, compared, difference)];
    }
    return [];
  });
  const [first, ...others] = problems;
  if (!first) return;
  const names = others.slice(0, NAMED).map(({ layer }) => layer!);
  const more = others.length > NAMED ? ` and ${others.length - NAMED} more` : '';
  const behind = others.length === 0 ? '' : `; so it does in ${names.join(', ')}${more}`;
  throw new DiagnosticsError([{ ...first, message: first.message + behind }]);
}

/** Layers that are named beside the first one that differs. */
const NAMED = 5;
