import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { canonicalAxis, check, layerKernel } from '../layer.ts';

/**
 * Squeeze: without the axes `axis`, each of length 1. Source: `squeeze_layer.cpp` of Synopsys' fork, which without `axis`
 * leaves out every axis of length 1, that of a batch of one image too; that is refused.
 */
export const squeeze = layerKernel({
  type: 'Squeeze',
  showsNotFinite: true,
  keepsFinite: true,
  nonNegative: 'as its bottoms',
  bottoms: 1,
  tops: 1,
  notInPlace: true,
  fields: { squeeze_param: { ...read('axis') } },
  settings({ squeeze_param: param }): SqueezeSettings {
    const axes = param?.axis ?? [];
    check(
      axes.length > 0,
      () => 'squeeze_param names no axis, and of a batch of one image the images would be an axis of length 1 too',
    );
    return { axes };
  },
  lower({ g, settings, bottoms }) {
    const x = bottoms[0]!;
    const gone = new Set(settings.axes.map((axis) => canonicalAxis(axis, x.shape.length)));
    for (const axis of gone) {
      check(x.shape[axis] === 1, () => `axis ${axis} of [${x.shape.join(', ')}] does not have the length 1`);
    }
    const kept = x.shape.filter((_, axis) => !gone.has(axis));
    return {
      tops: [ops.reshape(g, x, kept)],
      backward: ([dy]) => ({ bottoms: [ops.reshape(g, dy!, x.shape)] }),
    };
  },
});

/** What a `squeeze_param` says. */
export interface SqueezeSettings {
  /** The axes that are left out; negative: from the end. */
  readonly axes: readonly number[];
}
