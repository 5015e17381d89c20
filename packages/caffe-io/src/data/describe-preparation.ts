import type { ImageSettings } from './data-layer-type.ts';
import type { ImageSizeParam } from './image-size.ts';
import type { ResizeParam } from './resize-policy.ts';

/** What a layer with images does to one before its mean is taken off, beyond what BVLC's Caffe can be told. */
export interface PreparationDescription {
  /** Channels are red, green, blue. */
  readonly isRgb: boolean;
  /** In words and in order: "resized to 8x8 (INTER_LINEAR)", height first. */
  readonly steps: readonly string[];
  /** [height, width] of a crop that need not be a square. */
  readonly crop?: readonly [height: number, width: number];
}

export function describePreparation({ transform, size }: ImageSettings): PreparationDescription {
  const { crop, cropSize, steps } = transform;
  const { resized, altered, stretched, resize } = steps ?? {};
  return {
    isRgb: steps?.isRgb ?? false,
    steps: [
      ...(size ? sizeInWords(size) : []),
      ...(resized ? [shorterInWords(resized.min_size ?? 0, resized.max_size ?? 0, resized.resize_param)] : []),
      ...(!resized && altered
        ? [`a part drawn at random, resized to the crop (${interpolationsOf(altered.resize_param)})`]
        : []),
      ...(stretched ? ['resized at random'] : []),
      ...(resize ? [resizeInWords(resize)] : []),
    ],
    ...(crop[0] > 0 && cropSize === 0 ? { crop } : {}),
  };
}

function sizeInWords({
  short_side: shortSide = 0,
  min_height: height = 0,
  min_width: width = 0,
  ...param
}: ImageSizeParam) {
  if (shortSide > 0) return [`its shorter side resized to ${shortSide} (INTER_LINEAR)`];
  if (height === 0 || param.new_height) return [];
  return [`enlarged in its proportions to at least ${height}x${width} where it is smaller (INTER_LINEAR)`];
}

function shorterInWords(least: number, most: number, param: ResizeParam | undefined): string {
  const range = [least || 'its own length', most || 'that of the longer side'];
  const size = least > 0 && least === most ? `${least}` : `a length drawn between ${range.join(' and ')}`;
  return `its shorter side resized to ${size} (${interpolationsOf(param)})`;
}

function resizeInWords(param: ResizeParam): string {
  const { resize_mode: mode = 'WARP', pad_mode: padMode = 'CONSTANT', pad_value: values = [] } = param;
  const size = `${param.height ?? 0}x${param.width ?? 0}`;
  const how = `(${interpolationsOf(param)})`;
  if (mode === 'WARP') return `resized to ${size} ${how}`;
  if (mode === 'FIT_SMALL_SIZE') return `resized in its proportions to cover ${size} ${how}`;
  const border = padMode === 'CONSTANT' ? `of [${values.length > 0 ? values.join(', ') : 0}]` : padMode;
  return `resized in its proportions to fit into ${size} ${how} with borders ${border} around it`;
}

const interpolationsOf = (param: ResizeParam | undefined): string => {
  const modes = param?.interp_mode?.length ? param.interp_mode : ['LINEAR'];
  return modes.map((mode) => `INTER_${mode}`).join(' or ');
};
