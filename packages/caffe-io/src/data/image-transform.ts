import { type ImageSteps, imageSteps, stepProblems } from './image-steps.ts';
import { FIELDS_FOR_BOXES, type TransformFields } from './transform-fields.ts';

/** What a `transform_param` says of images, defaults filled in. */
export interface ImageTransform {
  /** Multiplies each pixel, after the mean is taken off. */
  readonly scale: number;
  /** Flip left and right, at random. */
  readonly mirror: boolean;
  /** What is cut out of a record; 0, both: the whole of it. */
  readonly crop: readonly [height: number, width: number];
  /** Where the crop is a square by `crop_size`, its side; else 0. */
  readonly cropSize: number;
  /** From the middle in TRAIN too (caffe-windows). */
  readonly isCropCentred: boolean;
  /** Whose image is taken off, as the prototxt has it. */
  readonly meanFile: string | undefined;
  /** None, one for all channels, or one per channel. */
  readonly meanValues: readonly number[];
  /** What is done before the crop; absent where that makes no sense. */
  readonly steps: ImageSteps | undefined;
  /** Settings that forks read in layers with boxes alone. */
  readonly forBoxes: readonly string[];
  /** What is wrong with all this before there is a record. */
  readonly problems: readonly string[];
}

/** @param isRgb channels change from blue, green, red to red, green, blue; the fields for it have several names */
export function imageTransform(param: TransformFields = {}, isRgb = param.cvt_bgr2rgb ?? false): ImageTransform {
  const { scale = 1, mirror = false, crop_size: cropSize = 0, center_crop: isCropCentred = false } = param;
  const { mean_file: meanFile, mean_value: meanValues = [] } = param;
  const ofSteps = stepProblems(param);
  return {
    scale,
    mirror,
    crop: cropSize > 0 ? [cropSize, cropSize] : [param.crop_h ?? 0, param.crop_w ?? 0],
    cropSize,
    isCropCentred,
    meanFile,
    meanValues,
    steps: ofSteps.length === 0 ? imageSteps(param, isRgb) : undefined,
    forBoxes: FIELDS_FOR_BOXES.filter((field) => param[field] !== undefined),
    problems: [
      ...(meanFile !== undefined && meanValues.length > 0
        ? ['transform_param gives mean_file and mean_value; only one of them can be used']
        : []),
      ...[cropProblem(param)].filter((problem) => problem !== undefined),
      ...ofSteps,
    ],
  };
}

/** What keeps the crop from being clear. */
function cropProblem({ crop_size: size = 0, crop_h: height = 0, crop_w: width = 0 }: TransformFields) {
  const given = `transform_param gives crop_h ${height} and crop_w ${width}`;
  if (size > 0 && [height, width].some((side) => side > 0 && side !== size)) {
    return `${given} beside crop_size ${size}: forks disagree which of them counts; give crop_h and crop_w alone`;
  }
  return size === 0 && height > 0 !== width > 0 ? `${given}; give both or none` : undefined;
}
