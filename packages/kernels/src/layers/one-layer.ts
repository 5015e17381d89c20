import { type LayerParameter, settingsOf } from '@caffe-quant/caffe-io';
import type { Shape } from '../graph/graph-builder.ts';
import {
  check,
  inPlaceProblem,
  type LayerKernel,
  type Lowered,
  type LoweringContext,
  type ParamSpec,
} from './layer.ts';

/**
 * A layer by itself, without a net around it.
 *
 * @throws LayerError where its settings make no sense, or not for its bottoms
 */
export const lowerLayer = (
  kernel: LayerKernel,
  layer: LayerParameter,
  context: Omit<LoweringContext, 'settings' | 'topCount'>,
): Lowered => {
  const problem = inPlaceProblem(kernel, layer);
  check(problem === undefined, () => `it ${problem}`);
  return kernel.lower({ ...context, settings: settingsOf(kernel, layer), topCount: layer.top.length });
};

/** The blobs that it owns. */
export const paramsOfLayer = (kernel: LayerKernel, layer: LayerParameter, bottoms: readonly Shape[]): ParamSpec[] =>
  kernel.params?.(settingsOf(kernel, layer), bottoms) ?? [];
