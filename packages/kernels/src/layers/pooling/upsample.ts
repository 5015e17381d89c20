import { read, type LayerParameter, type UpsampleParameter } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementCount, type GraphBuilder, type Shape, type Value } from '../../graph/graph-builder.ts';
import { forkField } from '../fork-field.ts';
import { check, type LayerKernel, type Lowered } from '../layer.ts';

/** The fields of SegNet's layer alone. */
const MASK_FIELDS = ['scale_h', 'scale_w', 'pad_out_h', 'pad_out_w', 'upsample_h', 'upsample_w'] as const;

/**
 * Upsample of x [N, C, H, W], one name for two layers. With one bottom each element is repeated `scale` x `scale` times
 * (`upsample_layer.cpp` of MobileNet-YOLO, eric612). With a second bottom, the mask that a MAX Pooling with two tops
 * gives, each element goes to the place of its plane that the mask names, all others are 0 (SegNet's `upsample_layer.cpp`,
 * alexgkendall).
 */
export const upsample: LayerKernel = {
  type: 'Upsample',
  bottoms: [1, 2],
  tops: 1,
  fields: {
    upsample_param: read('scale', ...MASK_FIELDS),
  },
  lower({ g, layer, bottoms }) {
    const [x, mask] = bottoms as [Value, Value?];
    check(x.shape.length === 4, () => `expected a bottom [N, C, H, W], got [${x.shape.join(', ')}]`);
    return mask ? unpool(g, x, mask, unpooledSize(layer, x.shape)) : repeat(g, x, layer.upsample_param);
  },
};

function repeat(g: GraphBuilder, x: Value, param: UpsampleParameter | undefined): Lowered {
  const scale = param?.scale ?? 1;
  check(Number.isInteger(scale) && scale > 0, () => `scale ${scale} is no positive integer`);
  const ofMasks = MASK_FIELDS.filter((name) => forkField(param, name) !== undefined);
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

/** SegNet's fields: `upsample_h`/`upsample_w`, or scales (`scale_h`/`scale_w`, default `scale` 2) less a `pad_out`. */
function unpooledSize(layer: LayerParameter, x: Shape): [number, number] {
  const param = layer.upsample_param;
  return (['h', 'w'] as const).map((side, i) => {
    const size = forkField<number>(param, `upsample_${side}`);
    if (size !== undefined) return size;
    const scale = forkField<number>(param, `scale_${side}`) ?? param?.scale ?? 2;
    const padOut = forkField<boolean>(param, `pad_out_${side}`) ?? false;
    check(Number.isInteger(scale) && scale > 0, () => `scale ${scale} is no positive integer`);
    return x[2 + i]! * scale - (padOut ? 1 : 0);
  }) as [number, number];
}
