import { describeNotFinite, findNotFinite } from '../blob/not-finite.ts';
import { decodeBlobFile } from '../blob/read-blob-file.ts';
import { dataError } from './data-error.ts';

/** A mean image, [channels, height, width]. */
export interface MeanImage {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array;
}

/**
 * Reads the file that a data layer's `mean_file` names: a BlobProto, as Caffe's `compute_image_mean` writes it.
 * The shape is read as `Blob::FromProto` (blob.cpp) does: the old fields num, channels, height, width where one
 * of them is present, else `shape`, whose axes count as those four from the left.
 *
 * @throws DiagnosticsError where the file is missing, is not a BlobProto with as many values as its shape has, or holds a
 *   value that is not finite
 */
export function readMeanFile(file: string): MeanImage {
  const blob = decodeBlobFile(file, 'the mean image', 'mean-file');
  const [num = 1, channels = 1, height = 1, width = 1] = blob.form?.shape === 'none' ? [] : blob.shape;
  const axes = [num, channels, height, width];
  if (axes.some((size) => !(size > 0)) || num * channels * height * width !== blob.data.length) {
    const message = `the mean file has ${blob.data.length} values, but its shape is [${axes.join(', ')}]`;
    throw dataError('mean-file', file, message);
  }
  const data = blob.data.subarray(0, channels * height * width);
  const broken = findNotFinite(data);
  if (broken) {
    const place = describeNotFinite(broken, [channels, height, width]);
    throw dataError('not-finite', file, `of the mean image ${place}`, 'compute the mean image anew');
  }
  return { channels, height, width, data };
}
