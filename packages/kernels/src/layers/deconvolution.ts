import * as ops from '../graph/ops.ts';
import type { Shape, Value } from '../graph/graph-builder.ts';
import { convolve, inputGradient, kernelGradient } from './convolution-products.ts';
import { convolutionSettings } from './convolution.ts';
import { check, type LayerKernel } from './layer.ts';
import { dilated, spatialAxes, type Window } from './spatial.ts';

/**
 * Deconvolution (transposed convolution): y is what the gradient by the input of a convolution with the same kernel
 * would be, so that its own two gradients are that convolution's forward pass and its kernel gradient with x and dy
 * swapped. x [N, Cin, H, W], w [Cin, Cout / group, kh, kw], b [Cout], y [N, Cout, H', W'] with
 * H' = stride (H - 1) + dilation (kh - 1) + 1 - 2 pad. Source: Caffe's `deconv_layer.cpp`.
 */
export const deconvolution: LayerKernel = {
  type: 'Deconvolution',
  params(layer, bottoms) {
    const { numOutput, group, window, bias } = convolutionSettings(layer, bottoms[0]!);
    const param = layer.convolution_param;
    const weight = { shape: [bottoms[0]![1]!, numOutput / group, ...window.kernel], filler: param?.weight_filler };
    return bias ? [weight, { shape: [numOutput], filler: param?.bias_filler }] : [weight];
  },
  lower({ g, layer, bottoms, params }) {
    const [x] = bottoms as [Value];
    const [w, b] = params as [Value, Value?];
    check(bottoms.length === 1, () => 'a Deconvolution with several bottoms is not supported; split the layer');
    const { numOutput, group, window } = convolutionSettings(layer, x.shape);
    const shape = [x.shape[0]!, numOutput, ...upsampledSize(x.shape, window)];
    check(
      shape.every((dim) => dim > 0),
      () => `a kernel of ${window.kernel.join(' x ')} with this padding leaves nothing of [${x.shape.join(', ')}]`,
    );
    const product = inputGradient(g, x, w, shape, window, group);
    return {
      tops: [b ? ops.add(g, product, ops.reshape(g, b, [numOutput, ...window.kernel.map(() => 1)])) : product],
      backward([dy], needs) {
        return {
          bottoms: [needs.bottoms[0] ? convolve(g, dy!, w, undefined, window, group) : undefined],
          params: [
            needs.params[0] ? kernelGradient(g, dy!, x, w.shape, window, group) : undefined,
            needs.params[1]
              ? ops.reduceSum(
                  g,
                  dy!,
                  ops.allAxes(dy!).filter((axis) => axis !== 1),
                )
              : undefined,
          ],
        };
      },
    };
  },
};

const upsampledSize = (input: Shape, { kernel, stride, pad, dilation }: Window): number[] =>
  spatialAxes(input).map(
    (axis) => stride[axis]! * (input[2 + axis]! - 1) + dilated(kernel[axis]!, dilation[axis]!) - 2 * pad[axis]!,
  );
