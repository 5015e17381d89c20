import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementCount, type GraphBuilder, type Shape, type Value } from '../../graph/graph-builder.ts';
import { check, layerKernel, type Lowered } from '../layer.ts';

/** The fields of SegNet's layer alone. */
const MASK_FIELDS = ['scale_h', 'scale_w', 'pad_out_h', 'pad_out_w', 'upsample_h', 'upsample_w'] as const;

/**
 * Upsample of x [N, C, H, W], one name for two layers. With one bottom each element is repeated `scale` x `scale` times
 * (`upsample_layer.cpp` of MobileNet-YOLO, eric612). With a second bottom, the mask that a MAX Pooling with two tops
 * gives, each element goes to the place of its plane that the mask names, all others are 0 (SegNet's `upsample_layer.cpp`,
 * alexgkendall).
 */
export const upsample = layerKernel({
  type: 'Upsample',
  bottoms: [1, 2],
  tops: 1,
  fields: {
    upsample_param: read('scale', ...MASK_FIELDS),
  },
  settings({ upsample_param: param = {} }): UpsampleSettings {
    const { scale, scale_h = scale ?? 2, scale_w = scale ?? 2 } = param;
    checkScale(scale ?? 1);
    return {
      scale: scale ?? 1,
      unpooled: [
        axisSetting(param.upsample_h, scale_h, param.pad_out_h),
        axisSetting(param.upsample_w, scale_w, param.pad_out_w),
      ],
      ofMasks: MASK_FIELDS.filter((name) => param[name] !== undefined),
    };
  },
  lower({ g, settings, bottoms }) {
    const [x, mask] = bottoms as [Value, Value?];
    check(x.shape.length === 4, () => `expected a bottom [N, C, H, W], got [${x.shape.join(', ')}]`);
    return mask ? unpool(g, x, mask, unpooledSize(settings, x.shape)) : repeat(g, x, settings);
  },
});

const unpooledSize = ({ unpooled }: UpsampleSettings, x: Shape): [number, number] =>
  unpooled.map((axis, i) => (typeof axis === 'number' ? axis : x[2 + i]! * axis.scale - (axis.padOut ? 1 : 0))) as [
    number,
    number,
  ];

function repeat(g: GraphBuilder, x: Value, { scale, ofMasks }: UpsampleSettings): Lowered {
  check(ofMasks.length === 0, () => `${ofMasks.join(', ')} need a mask as the second bottom`);
  const [n, c, h, w] = x.shape as [number, number, number, number];
  const apart = [n, c, h, 1, w, 1];
  const together = [n, c, h, scale, w, scale];
  const y = ops.reshape(g, ops.expand(g, ops.reshape(g, x, apart), together), [n, c, h * scale, w * scale]);
  return {
    tops: [y],
    backward: ([dy]) => ({ bottoms: [ops.reduceSum(g, ops.reshape(g, dy!, together), [3, 5])] }),
  };
}

function unpool(g: GraphBuilder, x: Value, mask: Value, [height, width]: [number, number]): Lowered {
  check(mask.shape.join() === x.shape.join(), () => `the mask has shape [${mask.shape.join(', ')}], x [${x.shape}]`);
  const [n, c] = x.shape as [number, number];
  const planes = n * c;
  const inPlane = elementCount(x.shape) / planes;
  const places = ops.cast(g, ops.reshape(g, mask, [planes, inPlane]), 'int64');
  const plane = ops.zeros(g, [planes, height * width]);
  const scattered = g.op(
    'ScatterElements',
    [plane, places, ops.reshape(g, x, [planes, inPlane])],
    { axis: 1 },
    plane.shape,
  );
  return {
    tops: [ops.reshape(g, scattered, [n, c, height, width])],
    backward([dy]) {
      const rows = ops.reshape(g, dy!, [planes, height * width]);
      const taken = g.op('GatherElements', [rows, places], { axis: 1 }, [planes, inPlane]);
      return { bottoms: [ops.reshape(g, taken, x.shape), undefined] };
    },
  };
}

/** What an `upsample_param` says. */
export interface UpsampleSettings {
  /** How often each element is repeated along both axes. */
  readonly scale: number;
  /** With a mask: the plane's height and width. */
  readonly unpooled: readonly [AxisSetting, AxisSetting];
  /** Fields that are set and need a mask. */
  readonly ofMasks: readonly string[];
}

/** A length, or how often that of the bottom it is, less 1 with `padOut`. */
type AxisSetting = number | { readonly scale: number; readonly padOut: boolean };

/** SegNet's fields: `upsample_h`/`upsample_w`, or scales (`scale_h`/`scale_w`, default `scale` 2) less a `pad_out`. */
function axisSetting(size: number | undefined, scale: number, padOut = false): AxisSetting {
  if (size !== undefined) return size;
  checkScale(scale);
  return { scale, padOut };
}

function checkScale(scale: number): void {
  check(Number.isInteger(scale) && scale > 0, () => `scale ${scale} is not a positive integer`);
}
