import type { TransformationParameter } from '../generated/caffe.ts';
import type { RandomAspectRatioParam, RandomResizeParam } from './random-scale.ts';
import type { RandomStretchParam } from './random-stretch.ts';
import type { ResizeParam } from './resize-policy.ts';

/** A `transform_param` with the fields of forks that are read. */
export interface TransformParam extends Partial<TransformationParameter>, RandomStretchParam {
  /** With `crop_w`, instead of `crop_size`. */
  readonly crop_h?: number;
  readonly crop_w?: number;
  /** caffe-windows: crops come from the middle in TRAIN too. */
  readonly center_crop?: boolean;
  /** MobileNet-YOLO: channels change from blue, green, red to red, green, blue. */
  readonly cvt_bgr2rgb?: boolean;
  /** The same in intel/caffe, for ImageData. */
  readonly bgr2rgb?: boolean;
  /** MobileNet-YOLO has a list. */
  readonly resize_param?: ResizeParam | readonly ResizeParam[];
  readonly random_resize_param?: RandomResizeParam;
  readonly random_aspect_ratio_param?: RandomAspectRatioParam;
  readonly distort_param?: object;
  readonly expand_param?: object;
  readonly emit_constraint?: object;
}

/** Height and width of what is cut out of a record; 0, both: the whole of it. */
export function cropOf(param: TransformParam | undefined): readonly [height: number, width: number] {
  const { crop_size: size = 0, crop_h: height = 0, crop_w: width = 0 } = param ?? {};
  return size > 0 ? [size, size] : [height, width];
}

/** What keeps the crop from being clear. */
export function cropProblem({ crop_size: size = 0, crop_h: height = 0, crop_w: width = 0 }: TransformParam) {
  const given = `transform_param gives crop_h ${height} and crop_w ${width}`;
  if (size > 0 && [height, width].some((side) => side > 0 && side !== size)) {
    return `${given} beside crop_size ${size}: forks disagree which of them counts; give crop_h and crop_w alone`;
  }
  return size === 0 && height > 0 !== width > 0 ? `${given}; give both or none` : undefined;
}

/** The `resize_param` that counts: the first. Others are for layers with boxes, which draw one of them. */
export function resizeParamOf({ resize_param: param }: TransformParam): ResizeParam | undefined {
  return Array.isArray(param) ? (param as readonly ResizeParam[])[0] : (param as ResizeParam | undefined);
}
