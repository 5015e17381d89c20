import { read, without } from '../fields/field-use.ts';
import { addBorder, type BorderMode } from './image/add-border.ts';
import { ImageError } from './image/image-error.ts';
import type { Image } from './image/image.ts';
import { type Interpolation, resizeImage } from './image/resize.ts';

/** A `resize_param`, as SSD's caffe.proto has it. */
export interface ResizeParam {
  /** Default WARP. */
  readonly resize_mode?: ResizeMode | undefined;
  readonly height?: number | undefined;
  readonly width?: number | undefined;
  /** Default CONSTANT. */
  readonly pad_mode?: BorderMode | undefined;
  /** One, or one a channel. */
  readonly pad_value?: readonly number[] | undefined;
  /** One of them is drawn for each record; none: LINEAR. */
  readonly interp_mode?: readonly Interpolation[] | undefined;
}

type ResizeMode = 'WARP' | 'FIT_SMALL_SIZE' | 'FIT_LARGE_SIZE_AND_PAD';

/** What is made of the fields of a `resize_param` that says how an image is resized, but not how large it becomes. */
export const RESIZE_FIELDS = read('resize_mode', 'pad_mode', 'pad_value', 'interp_mode');

/** What is made of the fields of a `resize_param`. */
export const RESIZE_PARAM_FIELDS = {
  ...RESIZE_FIELDS,
  ...read('height', 'width'),
  prob: 'chooses among several in layers with boxes only',
  ...without('makes other boxes, but the same image', 'height_scale', 'width_scale'),
} as const;

/**
 * SSD's ApplyResize (im_transforms.cpp): to `height` x `width` as it comes; by the side that fits later, so that the other
 * is larger or as large; or by the one that fits first, with borders along the other, the smaller half first. Proportions
 * are float32, sizes are rounded down.
 *
 * @param random draws the interpolation where there are several
 * @throws ImageError where nothing would be left of the image, or where its channels and `pad_value` do not agree
 */
export function applyResize(image: Image, param: ResizeParam, random: () => number): Image {
  const { resize_mode: mode = 'WARP', height = 0, width = 0, interp_mode: modes = [] } = param;
  const interpolation = modes.length > 1 ? modes[random() % modes.length]! : (modes[0] ?? 'LINEAR');
  const size = resizedSize(image, mode, height, width);
  if (size.height < 1 || size.width < 1) {
    throw new ImageError(`has the size ${image.height}x${image.width}, of which ${mode} leaves nothing`);
  }
  const resized = resizeImage(image, size.height, size.width, interpolation);
  return mode === 'FIT_LARGE_SIZE_AND_PAD' ? padded(resized, height, width, param) : resized;
}

function resizedSize({ height, width }: Image, mode: ResizeMode, newHeight: number, newWidth: number) {
  if (mode === 'WARP') return { height: newHeight, width: newWidth };
  const aspect = Math.fround(width / height);
  const newAspect = Math.fround(newWidth / newHeight);
  return (mode === 'FIT_SMALL_SIZE' ? aspect < newAspect : aspect > newAspect)
    ? { height: Math.floor(Math.fround(newWidth / aspect)), width: newWidth }
    : { height: newHeight, width: Math.floor(Math.fround(aspect * newHeight)) };
}

function padded(image: Image, height: number, width: number, param: ResizeParam): Image {
  const { pad_mode: mode = 'CONSTANT', pad_value: values = [] } = param;
  const { channels } = image;
  if (values.length > 1 && values.length !== channels) {
    throw new ImageError(
      `has ${channels} channels, but resize_param ${values.length} pad_value; give one, or one each`,
    );
  }
  const [rows, columns] = [height - image.height, width - image.width];
  const [top, left] = [Math.floor(rows / 2), Math.floor(columns / 2)];
  const all = values.length === 1 ? Array.from({ length: channels }, () => values[0]!) : values;
  return addBorder(image, { top, bottom: rows - top, left, right: columns - left, mode, values: all });
}
