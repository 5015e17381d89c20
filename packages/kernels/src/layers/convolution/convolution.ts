import { atLeast } from '@caffe-quant/caffe-io';
import { channelSum } from '../../graph/channel-affine.ts';
import * as ops from '../../graph/ops.ts';
import type { GraphBuilder, Value } from '../../graph/graph-builder.ts';
import { convolve, inputGradient, kernelGradient } from './convolution-products.ts';
import { onChannelAxis } from './channel-axis.ts';
import { check, type Gradients, layerKernel, type Needs } from '../layer.ts';
import { CONVOLUTION_FIELDS, convolutionOver, convolutionSettings } from './convolution-settings.ts';
import { dilated, spatialAxes, type Window } from './spatial.ts';

/**
 * Convolution: y[n, o] = b[o] + sum over i of x[n, i] * w[o, i] (cross-correlation), with groups, rectangular kernels,
 * pads, strides and dilation. x [N, Cin, H, W], w [Cout, Cin / group, kh, kw], b [Cout], y [N, Cout, H', W'] with
 * H' = floor((H + 2 pad - dilation (kh - 1) - 1) / stride) + 1; one or three spatial axes instead of two are allowed, and
 * channels on another axis than 1. Where each side has a padding of its own, 2 pad is pad_t + pad_b, or pad_l + pad_r.
 * Source: Caffe's `base_conv_layer.cpp`; for the sides that of Synopsys' fork.
 */
export const convolution = onChannelAxis(
  layerKernel({
    type: 'Convolution',
    showsNotFinite: true,
    bottoms: atLeast(1),
    tops: atLeast(1),
    topPerBottom: true,
    channelAxis: 0,
    fields: { convolution_param: CONVOLUTION_FIELDS },
    settings: convolutionSettings,
    params(settings, [bottom]) {
      const { numOutput, group, window } = convolutionOver(settings, bottom!);
      const weight = { shape: [numOutput, bottom![1]! / group, ...window.kernel], filler: settings.weightFiller };
      return settings.bias ? [weight, { shape: [numOutput], filler: settings.biasFiller }] : [weight];
    },
    lower({ g, settings, bottoms, params }) {
      const { window, group } = convolutionOver(settings, bottoms[0]!.shape);
      const [w, b] = params as [Value, Value?];
      const reached = bottoms.map((x) => reachKernel(g, x, window));
      return {
        tops: reached.map((x) => convolve(g, x, w, b, window, group)),
        backward(dys, needs) {
          const gradients = backward(g, reached, w, dys, needs, window, group);
          return {
            ...gradients,
            bottoms: gradients.bottoms.map((dx, i) => dx && ops.cropTo(g, dx, bottoms[i]!.shape)),
          };
        },
      };
    },
  }),
);

/**
 * x with zeros behind it where the kernel is larger than the padded plane by less than a stride: Caffe's division rounds
 * towards zero, (H + pads - extent) / stride + 1 = 1, and what the kernel does not find is 0.
 *
 * @throws LayerError where a kernel is larger still.
 */
export function reachKernel(g: GraphBuilder, x: Value, { kernel, stride, pad, padEnd, dilation }: Window): Value {
  const missing = spatialAxes(x.shape).map((axis) => {
    const extent = x.shape[2 + axis]! + pad[axis]! + padEnd[axis]!;
    const beyond = Math.max(0, dilated(kernel[axis]!, dilation[axis]!) - extent);
    check(
      beyond < stride[axis]!,
      () =>
        `a kernel of ${kernel.join(' x ')} does not fit into [${x.shape.join(', ')}] with pad ${padText(pad, padEnd)}`,
    );
    return beyond;
  });
  return ops.pad(g, x, [[0, 0], [0, 0], ...missing.map((length) => [0, length] as const)]);
}

/** For messages. */
const padText = (pad: readonly number[], padEnd: readonly number[]): string =>
  pad.join() === padEnd.join() ? pad.join(' x ') : `${pad.join(' x ')} before and ${padEnd.join(' x ')} behind`;

function backward(
  g: GraphBuilder,
  bottoms: readonly Value[],
  w: Value,
  dys: readonly (Value | undefined)[],
  needs: Needs,
  window: Window,
  group: number,
): Gradients {
  const weightTerms: Value[] = [];
  const biasTerms: Value[] = [];
  const ofBottoms = bottoms.map((x, i) => {
    const dy = dys[i];
    if (!dy) return undefined;
    if (needs.params[0]) weightTerms.push(kernelGradient(g, x, dy, w.shape, window, group));
    if (needs.params[1]) biasTerms.push(channelSum(g, dy));
    return needs.bottoms[i] ? inputGradient(g, dy, w, x.shape, window, group) : undefined;
  });
  const sumOf = (terms: Value[]) => (terms.length ? ops.sum(g, terms) : undefined);
  return { bottoms: ofBottoms, params: [sumOf(weightTerms), sumOf(biasTerms)] };
}
