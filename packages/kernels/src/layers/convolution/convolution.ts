import {
  atLeast,
  type ConvolutionParameter,
  convolutionType,
  groupOf,
  type LayerParameter,
  type MessageUse,
  read,
  whyNotDepthwise,
} from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import type { GraphBuilder, Shape, Value } from '../../graph/graph-builder.ts';
import { convolve, inputGradient, kernelGradient } from './convolution-products.ts';
import { FILLER } from '../../fillers/filler-fields.ts';
import { ENGINE } from '../common-fields.ts';
import { forkField } from '../fork-field.ts';
import { onChannelAxis } from './channel-axis.ts';
import { check, type Gradients, type LayerKernel, type LoweringContext, type Needs } from '../layer.ts';
import { dilated, spatialAxes, spatialSetting, type Window } from './spatial.ts';

/** The fields of a `convolution_param`. */
export const CONVOLUTION_FIELDS: MessageUse = {
  ...read('num_output', 'bias_term', 'group', 'axis', 'pad', 'pad_h', 'pad_w', 'kernel_size', 'kernel_h', 'kernel_w'),
  ...read('stride', 'stride_h', 'stride_w', 'dilation', 'dilation_h', 'dilation_w'),
  weight_filler: FILLER,
  bias_filler: FILLER,
  engine: ENGINE,
  force_nd_im2col: ENGINE,
  cudnn_convolution_algo_seeker: ENGINE,
  conv_algos_override: ENGINE,
  conv_algorithm: ENGINE,
};

/**
 * Convolution: y[n, o] = b[o] + sum over i of x[n, i] * w[o, i] (cross-correlation), with groups, rectangular kernels,
 * pads, strides and dilation. x [N, Cin, H, W], w [Cout, Cin / group, kh, kw], b [Cout], y [N, Cout, H', W'] with
 * H' = floor((H + 2 pad - dilation (kh - 1) - 1) / stride) + 1; one or three spatial axes instead of two are allowed, and
 * channels on another axis than 1. Source: Caffe's `base_conv_layer.cpp`.
 */
export const convolution: LayerKernel = onChannelAxis({
  type: 'Convolution',
  bottoms: atLeast(1),
  tops: atLeast(1),
  topPerBottom: true,
  fields: { convolution_param: CONVOLUTION_FIELDS },
  params(layer, bottoms) {
    const { numOutput, group, window, bias } = convolutionSettings(layer, bottoms[0]!);
    const filler = layer.convolution_param;
    const weight = {
      shape: [numOutput, bottoms[0]![1]! / group, ...window.kernel],
      filler: filler?.weight_filler,
    };
    return bias ? [weight, { shape: [numOutput], filler: filler?.bias_filler }] : [weight];
  },
  lower({ g, layer, bottoms, params }: LoweringContext) {
    const { window, group } = convolutionSettings(layer, bottoms[0]!.shape);
    const [w, b] = params as [Value, Value?];
    const reached = bottoms.map((x) => reachKernel(g, x, window));
    return {
      tops: reached.map((x) => convolve(g, x, w, b, window, group)),
      backward(dys, needs) {
        const gradients = backward(g, reached, w, dys, needs, window, group);
        return { ...gradients, bottoms: gradients.bottoms.map((dx, i) => dx && ops.cropTo(g, dx, bottoms[i]!.shape)) };
      },
    };
  },
});

/**
 * x with zeros behind it where the kernel is larger than the padded plane by less than a stride: Caffe's division rounds
 * towards zero, (H + 2 pad - extent) / stride + 1 = 1, and what the kernel does not find is 0.
 *
 * @throws LayerError where a kernel is larger still.
 */
export function reachKernel(g: GraphBuilder, x: Value, { kernel, stride, pad, dilation }: Window): Value {
  const missing = spatialAxes(x.shape).map((axis) => {
    const extent = x.shape[2 + axis]! + 2 * pad[axis]!;
    const beyond = Math.max(0, dilated(kernel[axis]!, dilation[axis]!) - extent);
    check(
      beyond < stride[axis]!,
      () => `a kernel of ${kernel.join(' x ')} does not fit into [${x.shape.join(', ')}] with pad ${pad.join(' x ')}`,
    );
    return beyond;
  });
  return ops.pad(g, x, [[0, 0], [0, 0], ...missing.map((length) => [0, length] as const)]);
}

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
    if (needs.params[1])
      biasTerms.push(
        ops.reduceSum(
          g,
          dy,
          ops.allAxes(dy).filter((axis) => axis !== 1),
        ),
      );
    return needs.bottoms[i] ? inputGradient(g, dy, w, x.shape, window, group) : undefined;
  });
  const sumOf = (terms: Value[]) => (terms.length ? ops.sum(g, terms) : undefined);
  return { bottoms: ofBottoms, params: [sumOf(weightTerms), sumOf(biasTerms)] };
}

/** The settings of a convolution_param for a bottom [N, C, ..spatial]. */
export function convolutionSettings(layer: LayerParameter, bottom: Shape) {
  const param: ConvolutionParameter | undefined = layer.convolution_param;
  check(param !== undefined, () => 'convolution_param is missing');
  const axes = bottom.length - 2;
  const numOutput = param.num_output ?? 0;
  const channels = bottom[1]!;
  const isDepthwise = convolutionType(layer.type ?? '')?.depthwise !== undefined;
  check(
    numOutput > 0,
    () => `num_output is missing${isDepthwise ? `; for one filter a channel write num_output: ${channels}` : ''}`,
  );
  const contradiction = whyNotDepthwise(layer, channels);
  check(contradiction === undefined, () => contradiction!);
  const group = groupOf(layer, channels);
  check(group > 0 && channels % group === 0, () => `the ${channels} input channels are no multiple of group ${group}`);
  check(numOutput % group === 0, () => `num_output ${numOutput} is no multiple of group ${group}`);
  const window: Window = {
    kernel: spatialSetting('kernel_size', axes, param.kernel_size, param.kernel_h, param.kernel_w, undefined),
    stride: spatialSetting('stride', axes, param.stride, param.stride_h, param.stride_w, 1),
    pad: spatialSetting('pad', axes, param.pad, param.pad_h, param.pad_w, 0),
    dilation: spatialSetting(
      'dilation',
      axes,
      param.dilation,
      forkField<number>(param, 'dilation_h'),
      forkField<number>(param, 'dilation_w'),
      1,
    ),
  };
  for (const [name, values] of Object.entries<readonly number[]>({ ...window })) {
    check(name === 'pad' || values.every((value) => value > 0), () => `${name} ${values.join(' x ')} must be positive`);
  }
  return { numOutput, group, window, bias: param.bias_term ?? true };
}
