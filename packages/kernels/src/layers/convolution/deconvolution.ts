import { atLeast } from '@caffe-quant/caffe-io';
import { channelSum } from '../../graph/channel-affine.ts';
import * as ops from '../../graph/ops.ts';
import type { Shape, Value } from '../../graph/graph-builder.ts';
import { convolve, inputGradient, kernelGradient } from './convolution-products.ts';
import { onChannelAxis } from './channel-axis.ts';
import { CONVOLUTION_FIELDS, convolutionOver, convolutionSettings } from './convolution-settings.ts';
import { check, layerKernel } from '../layer.ts';
import { dilated, spatialAxes, type Window } from './spatial.ts';

/**
 * Deconvolution (transposed convolution): y is what the gradient by the input of a convolution with the same kernel
 * would be, so that its own two gradients are that convolution's forward pass and its kernel gradient with x and dy
 * swapped. x [N, Cin, H, W], w [Cin, Cout / group, kh, kw], b [Cout], y [N, Cout, H', W'] with
 * H' = stride (H - 1) + dilation (kh - 1) + 1 - 2 pad; other numbers of spatial axes and another axis of channels as in
 * Convolution. Source: Caffe's `deconv_layer.cpp`.
 */
export const deconvolution = onChannelAxis(
  layerKernel({
    type: 'Deconvolution',
    showsNotFinite: true,
    bottoms: atLeast(1),
    tops: atLeast(1),
    topPerBottom: true,
    channelAxis: 1,
    fields: { convolution_param: CONVOLUTION_FIELDS },
    settings: convolutionSettings,
    params(settings, [bottom]) {
      const { numOutput, group, window } = convolutionOver(settings, bottom!);
      const weight = { shape: [bottom![1]!, numOutput / group, ...window.kernel], filler: settings.weightFiller };
      return settings.bias ? [weight, { shape: [numOutput], filler: settings.biasFiller }] : [weight];
    },
    lower({ g, settings, bottoms, params }) {
      const [w, b] = params as [Value, Value?];
      const first = bottoms[0]!.shape;
      const { numOutput, group, window } = convolutionOver(settings, first);
      const shape = [first[0]!, numOutput, ...upsampledSize(first, window)];
      check(
        shape.every((dim) => dim > 0),
        () => `a kernel of ${window.kernel.join(' x ')} with this padding leaves nothing of [${first.join(', ')}]`,
      );
      const bias = b && ops.reshape(g, b, [numOutput, ...window.kernel.map(() => 1)]);
      return {
        tops: bottoms.map((x) => {
          const y = inputGradient(g, x, w, shape, window, group);
          return bias ? ops.add(g, y, bias) : y;
        }),
        backward(dys, needs) {
          const weightTerms: Value[] = [];
          const biasTerms: Value[] = [];
          const ofBottoms = bottoms.map((x, i) => {
            const dy = dys[i];
            if (!dy) return undefined;
            if (needs.params[0]) weightTerms.push(kernelGradient(g, dy, x, w.shape, window, group));
            if (needs.params[1]) biasTerms.push(channelSum(g, dy));
            return needs.bottoms[i] ? convolve(g, dy, w, undefined, window, group) : undefined;
          });
          const sumOf = (terms: Value[]) => (terms.length ? ops.sum(g, terms) : undefined);
          return { bottoms: ofBottoms, params: [sumOf(weightTerms), sumOf(biasTerms)] };
        },
      };
    },
  }),
);

const upsampledSize = (input: Shape, { kernel, stride, pad, padEnd, dilation }: Window): number[] =>
  spatialAxes(input).map((axis) => {
    const whole = stride[axis]! * (input[2 + axis]! - 1) + dilated(kernel[axis]!, dilation[axis]!);
    return whole - pad[axis]! - padEnd[axis]!;
  });
