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

const PREFIX = 'random/';

/** Name of the graph input with the random numbers number `index` of a layer. */
export const randomInputName = (layer: string, index: number): string =>
  `${PREFIX}${index === 0 ? layer : `${layer}#${index}`}/`;

/**
 * The numbers of pass `index`: a function of seed, index and the input's name alone, so that a step gives the same bytes whenever
 * and by however many threads it is run.
 */
export function randomNumbers(inputs: readonly RandomInput[], seed: number, index: number): Map<string, Float32Array> {
  return new Map(
    inputs.map(({ name, shape, filler }) => {
      const stream = name.slice(PREFIX.length, -1);
      return [name, fill(filler, shape, randomOf(`${seed}/${index}/${stream}`))];
    }),
  );
}
