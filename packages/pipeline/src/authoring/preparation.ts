import { DATA_LAYERS } from '@caffe-quant/caffe-io';
import type { MessageNode } from 'caffe-prototxt-parser';
import { appendField, DiagnosticsError, fieldsOf, findField, removeField, setScalar } from 'caffe-prototxt-parser';

/** How the images were prepared that a net was trained on. What is absent stays as the prototxt has it. */
export interface Preparation {
  /** Taken off each channel, in the order of the net's channels; one number is for all of them. Or the path of a binaryproto. */
  readonly mean?: readonly number[] | string;
  /** Multiplies what is left. */
  readonly scale?: number;
  /** Default: bgr, as OpenCV reads images. */
  readonly channelOrder?: 'bgr' | 'rgb';
  /** To which images are resized. */
  readonly size?: readonly [height: number, width: number];
  /** What is cut out of the middle, after that. */
  readonly crop?: number;
}

/**
 * What the words of a command line ask for.
 *
 * @throws DiagnosticsError with everything that is wrong with them
 */
export function parsePreparation(given: {
  mean?: string;
  scale?: number;
  channelOrder?: 'bgr' | 'rgb';
  size?: string;
  crop?: number;
}): Preparation {
  const problems: string[] = [];
  const { mean, scale, channelOrder, size, crop } = given;
  const isNumbers = mean !== undefined && /^[-+\d.,\se]+$/i.test(mean);
  const means = isNumbers
    ? mean
        .split(/[,\s]+/)
        .filter((text) => text !== '')
        .map(Number)
    : mean;
  if (typeof means !== 'string' && means?.some((value) => !Number.isFinite(value))) {
    problems.push(`mean is numbers with commas between them, or the path of a binaryproto, not '${mean}'`);
  }
  const [, height, width = height] = /^(\d+)(?:x(\d+))?$/.exec(size ?? '') ?? [];
  if (size !== undefined && !(Number(height) > 0 && Number(width) > 0)) {
    problems.push(`size is <height>x<width>, or one number for both, not '${size}'`);
  }
  if (scale !== undefined && !(Number.isFinite(scale) && scale !== 0)) problems.push(`scale is a number, not ${scale}`);
  if (crop !== undefined && !(Number.isInteger(crop) && crop > 0)) problems.push(`crop is an integer, not ${crop}`);
  if (problems.length > 0) {
    throw new DiagnosticsError(problems.map((message) => ({ code: 'preparation', severity: 'error', message })));
  }
  return {
    ...(means !== undefined && { mean: means }),
    ...(scale !== undefined && { scale }),
    ...(channelOrder !== undefined && { channelOrder }),
    ...(size !== undefined && { size: [Number(height), Number(width)] as const }),
    ...(crop !== undefined && { crop }),
  };
}

/**
 * Writes into a data layer how images are prepared.
 *
 * @param type of the layer
 * @throws DiagnosticsError where that layer cannot do it
 */
export function setPreparation(layer: MessageNode, type: string, preparation: Preparation, file: string): void {
  const { mean, scale, channelOrder, size, crop } = preparation;
  if (Object.keys(preparation).length === 0) return;
  const refuse = (message: string, hint: string): DiagnosticsError =>
    new DiagnosticsError([{ code: 'preparation', severity: 'error', message, file, hint }]);
  if (type === 'HDF5Data') {
    throw refuse(
      'HDF5Data takes its data as they are',
      'leave mean, scale, channelOrder, size and crop out, and store the data as the net wants them',
    );
  }
  if (size !== undefined && type !== 'ImageData') {
    throw refuse(
      `a ${type} layer takes its records in the size that they have`,
      'leave size out; crop cuts the middle out of them',
    );
  }
  const transform = within(layer, 'transform_param');
  if (mean !== undefined) {
    for (const name of ['mean_file', 'mean_value']) for (const field of fieldsOf(transform, name)) removeField(field);
    if (typeof mean === 'string') setScalar(transform, 'mean_file', mean);
    else for (const value of mean) appendField(transform, `mean_value: ${value}`);
  }
  if (scale !== undefined) setScalar(transform, 'scale', Math.fround(scale));
  if (crop !== undefined) setScalar(transform, 'crop_size', crop);
  if (channelOrder === 'rgb') setScalar(transform, 'cvt_bgr2rgb', true);
  if (channelOrder === 'bgr') for (const field of fieldsOf(transform, 'cvt_bgr2rgb')) removeField(field);
  if (size === undefined) return;
  const param = within(layer, DATA_LAYERS.get(type)!.param);
  setScalar(param, 'new_height', size[0]);
  setScalar(param, 'new_width', size[1]);
}

function within(layer: MessageNode, name: string): MessageNode {
  const found = findField(layer, name)?.value;
  if (found?.kind === 'message') return found;
  const [added] = appendField(layer, `${name} {\n}`);
  if (added?.value.kind !== 'message') throw new Error(`${name} was not added`);
  return added.value;
}
