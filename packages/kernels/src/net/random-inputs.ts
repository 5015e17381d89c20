import type { FillerParameter } from '@caffe-quant/caffe-io';
import { fill } from '../fillers/fill.ts';
import { randomOf } from '../fillers/random.ts';
import type { Shape } from '../graph/graph-builder.ts';

/** Random numbers that a layer wants at each forward pass, e.g. for the mask of Dropout. */
export interface RandomInput {
  /** Of the graph input. */
  name: string;
  layer: string;
  shape: Shape;
  /** Their distribution. */
  filler: FillerParameter;
}

export const randomInputName = (layer: string): string => `random/${layer}`;

/**
 * The numbers of pass `index`: a function of seed, index and layer alone, so that a step gives the same bytes whenever
 * and by however many threads it is run.
 */
export function randomNumbers(inputs: readonly RandomInput[], seed: number, index: number): Map<string, Float32Array> {
  return new Map(
    inputs.map(({ name, layer, shape, filler }) => [name, fill(filler, shape, randomOf(`${seed}/${index}/${layer}`))]),
  );
}
