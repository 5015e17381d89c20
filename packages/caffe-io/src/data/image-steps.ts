import type { Datum } from './datum.ts';
import { ImageError } from './image/image-error.ts';
import type { Image } from './image/image.ts';
import { interleaved, planes } from './image/planes.ts';
import {
  randomAspectRatio,
  type RandomAspectRatioParam,
  randomAspectRatioProblem,
  randomResize,
  type RandomResizeParam,
  randomResizeProblem,
} from './random-scale.ts';
import { isStretched, randomStretch, type RandomStretchParam, randomStretchProblem } from './random-stretch.ts';
import { recordRandom } from './record-random.ts';
import { applyResize, type ResizeParam } from './resize-policy.ts';
import type { TransformFields } from './transform-fields.ts';

/** What is done to a record before it is cropped, flipped, and its mean taken off. */
export type Preparation = (datum: Datum, position: number) => Datum;

type ImageStep = (image: Image, random: () => number) => Image;

/** Of `recordRandom`: apart from the one that flips and crops, which is as it is without any step. */
const STREAM = 1;

/** What forks' `transform_param`s ask for before the crop; absent: not asked for. */
export interface ImageSteps {
  /** Channels change from blue, green, red to red, green, blue. */
  readonly isRgb: boolean;
  /** What is drawn at random becomes a square of this side, or no smaller. */
  readonly cropSize: number;
  readonly resized: RandomResizeParam | undefined;
  readonly altered: RandomAspectRatioParam | undefined;
  readonly stretched: RandomStretchParam | undefined;
  readonly resize: ResizeParam | undefined;
}

/** Of a param free of `stepProblems`. */
export const imageSteps = (param: TransformFields, isRgb: boolean): ImageSteps => ({
  isRgb,
  cropSize: param.crop_size ?? 0,
  resized: param.random_resize_param,
  altered: param.random_aspect_ratio_param,
  stretched: isStretched(param) ? param : undefined,
  resize: resizeParamOf(param),
});

/** The `resize_param` that counts: the first. Others are for layers with boxes, which draw one of them. */
const resizeParamOf = ({ resize_param: param }: TransformFields): ResizeParam | undefined => [param].flat()[0];

/**
 * The steps in their order: colours, then what is drawn at random, then `resize_param` (DataTransformer::Transform of SSD,
 * intel/caffe, NVIDIA's Caffe and MobileNet-YOLO). In both phases.
 *
 * @returns undefined where nothing is to be done; what is returned throws an ImageError for records that cannot be changed
 */
export function preparation(settings: ImageSteps, seed: number): Preparation | undefined {
  const steps = stepsOf(settings);
  if (steps.length === 0) return undefined;
  return (datum, position) => {
    const { pixels, label } = datum;
    if (!(pixels instanceof Uint8Array)) throw new ImageError('has float32 pixels; only uint8 ones can be resized');
    const random = recordRandom(seed, position, STREAM);
    const image = steps.reduce((current, step) => step(current, random), interleaved({ ...datum, pixels }));
    return { ...planes(image), label };
  };
}

function stepsOf({ isRgb, cropSize, resized, altered, stretched, resize }: ImageSteps): ImageStep[] {
  const steps: ImageStep[] = [];
  if (isRgb) steps.push(swapColours);
  if (resized !== undefined) steps.push((image, random) => randomResize(image, resized, random));
  else if (altered !== undefined) steps.push((image, random) => randomAspectRatio(image, altered, cropSize, random));
  if (stretched !== undefined) steps.push((image, random) => randomStretch(image, stretched, cropSize, random));
  if (resize !== undefined) steps.push((image, random) => applyResize(image, resize, random));
  return steps;
}

/** What can be said of the steps before there is a record. */
export function stepProblems(param: TransformFields): string[] {
  const { random_resize_param: resized, random_aspect_ratio_param: altered, crop_size: cropSize = 0 } = param;
  const resizeParam = resizeParamOf(param);
  const random = [
    ...(resized === undefined ? [] : ['random_resize_param']),
    ...(altered === undefined ? [] : ['random_aspect_ratio_param']),
    ...(isStretched(param) ? ['img_rand_resize, rand_resize_ratio or stretch'] : []),
  ];
  const kinds = [...random, ...(resizeParam === undefined ? [] : ['resize_param'])];
  const problems = [
    resized && randomResizeProblem(resized),
    altered && randomAspectRatioProblem(altered),
    randomStretchProblem(param),
    ...(kinds.length > 1
      ? [`transform_param gives ${kinds.join(' and ')}, and no fork uses all of them; give one`]
      : []),
    ...(random.length > 0 && cropSize === 0
      ? [`transform_param gives ${random.join(' and ')}, which need a crop_size to make images equally large`]
      : []),
    ...(resizeParam && !((resizeParam.height ?? 0) > 0 && (resizeParam.width ?? 0) > 0)
      ? [`resize_param has height ${resizeParam.height ?? 0} and width ${resizeParam.width ?? 0}; give both`]
      : []),
  ];
  return problems.filter((problem) => problem !== undefined);
}

/** `cvtColor` with COLOR_BGR2RGB. */
function swapColours({ channels, height, width, pixels }: Image): Image {
  if (channels !== 3)
    throw new ImageError(`has ${channels} channels; only those of 3 can be changed to red, green, blue`);
  const output = new Uint8Array(pixels.length);
  for (let i = 0; i < pixels.length; i += 3) {
    output[i] = pixels[i + 2]!;
    output[i + 1] = pixels[i + 1]!;
    output[i + 2] = pixels[i]!;
  }
  return { channels, height, width, pixels: output };
}
