import { elementCount, type GraphBuilder, type Shape, type Value } from '../../graph/graph-builder.ts';
import { canonicalAxis, check, type LayerKernel, type LoweringContext } from '../layer.ts';
import type { WindowSettings } from './convolution-settings.ts';

/**
 * `kernel`, which slides over x [N, C, ..spatial], for channels on any axis: `convolution_param { axis }`, counted from the
 * end where it is negative. The axes before the channels all count images, those behind them are spatial:
 * x [d0, .., C, ..spatial] goes in as [d0 * .., C, ..spatial], y comes out as [d0, .., num_output, ..spatial'].
 * Source: `channel_axis_` and `num_` in Caffe's `base_conv_layer.cpp` and `im2col_layer.cpp`.
 */
export function onChannelAxis<Settings extends WindowSettings>(kernel: LayerKernel<Settings>): LayerKernel<Settings> {
  const { params } = kernel;
  return {
    ...kernel,
    ...(params && {
      params: (settings: Settings, bottoms: readonly Shape[]) =>
        params(
          settings,
          bottoms.map((shape) => imagesShape(shape, channelAxis(settings, shape))),
        ),
    }),
    lower(context: LoweringContext<Settings>) {
      const { g, settings, bottoms } = context;
      const { shape } = bottoms[0]!;
      const axis = channelAxis(settings, shape);
      check(
        bottoms.every((bottom) => bottom.shape.join() === shape.join()),
        () => `all bottoms of a ${kernel.type} must have the same shape`,
      );
      if (axis === 1) return kernel.lower(context);
      const asImages = (value: Value) => reshapeFirst(g, value, imagesShape(value.shape, axis));
      const fromImages = (value: Value) => reshapeFirst(g, value, [...shape.slice(0, axis), ...value.shape.slice(1)]);
      const lowered = kernel.lower({ ...context, bottoms: bottoms.map(asImages) });
      return {
        tops: lowered.tops.map(fromImages),
        backward(dys, needs) {
          const gradients = lowered.backward!(
            dys.map((dy) => dy && asImages(dy)),
            needs,
          );
          return { ...gradients, bottoms: gradients.bottoms.map((dx) => dx && fromImages(dx)) };
        },
      };
    },
  };
}

function channelAxis(settings: WindowSettings, bottom: Shape): number {
  const axis = canonicalAxis(settings.axis, bottom.length);
  const spatial = bottom.length - axis - 1;
  check(
    spatial >= 1 && spatial <= 3,
    () => `${spatial} spatial axes behind the channels, axis ${axis} of [${bottom.join(', ')}]: it takes 1, 2 or 3`,
  );
  return axis;
}

/** [d0 * .., C, ..spatial]. */
const imagesShape = (shape: Shape, axis: number): Shape => [elementCount(shape.slice(0, axis)), ...shape.slice(axis)];

/** A reshape whose node leaves the length of the first axis open: a graph with a free batch size is the same graph. */
const reshapeFirst = (g: GraphBuilder, x: Value, shape: Shape): Value =>
  g.view(x, g.op('Reshape', [x, g.ints([-1, ...shape.slice(1)])], {}, shape));
