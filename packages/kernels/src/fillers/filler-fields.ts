import { read } from '@caffe-quant/caffe-io';

/** The fields of a `FillerParameter`. */
export const FILLER = read('type', 'value', 'min', 'max', 'mean', 'std', 'sparse', 'variance_norm');
