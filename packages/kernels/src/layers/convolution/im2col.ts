import { without } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import type { GraphBuilder, Value } from '../../graph/graph-builder.ts';
import { convolve, inputGradient } from './convolution-products.ts';
import { onChannelAxis } from './channel-axis.ts';
import { reachKernel } from './convolution.ts';
import { WINDOW_FIELDS, windowOver, windowSettings } from './convolution-settings.ts';
import { layerKernel } from '../layer.ts';

/**
 * Im2col: the window under each output position as a column: x [N, C, H, W] to [N, C kh kw, H', W']. It is the depthwise
 * convolution whose kernels each have a single 1, and its gradient is that convolution's. Source: Caffe's
 * `im2col_layer.cpp`.
 */
export const im2col = onChannelAxis(
  layerKernel({
    type: 'Im2col',
    bottoms: 1,
    tops: 1,
    fields: {
      convolution_param: {
        ...WINDOW_FIELDS,
        ...without('the layer has no weights', 'num_output', 'bias_term', 'group', 'weight_filler', 'bias_filler'),
      },
    },
    settings: (layer) => windowSettings(layer),
    lower({ g, settings, bottoms }) {
      const [x] = bottoms as [Value];
      const window = windowOver(settings, x.shape);
      const channels = x.shape[1]!;
      const kernels = singleTaps(g, channels, window.kernel);
      const reached = reachKernel(g, x, window);
      return {
        tops: [convolve(g, reached, kernels, undefined, window, channels)],
        backward: ([dy]) => ({
          bottoms: [ops.cropTo(g, inputGradient(g, dy!, kernels, reached.shape, window, channels), x.shape)],
        }),
      };
    },
  }),
);

/** [C * taps, 1, kh, kw]: for each channel one kernel a tap. */
function singleTaps(g: GraphBuilder, channels: number, kernel: readonly number[]): Value {
  const taps = kernel.reduce((a, b) => a * b);
  return g.constant('float', [channels * taps, 1, ...kernel], () => {
    const data = new Float32Array(channels * taps * taps);
    for (let row = 0; row < channels * taps; row++) data[row * taps + (row % taps)] = 1;
    return data;
  });
}
