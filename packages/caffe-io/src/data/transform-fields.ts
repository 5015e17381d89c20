import { type MessageUse, read } from '../fields/field-use.ts';

/** The fields of a `transform_param`, as the layers with images read it. */
export const TRANSFORM_FIELDS: MessageUse = {
  ...read('scale', 'mirror', 'crop_size', 'mean_file', 'mean_value', 'force_color', 'force_gray'),
  use_gpu_transform: 'says where it is done',
  forward_packing: 'a layout in memory',
  display: 'shows pictures',
  debug_params: 'prints what is drawn at random',
};

/** Why settings about threads and memory change nothing here. */
export const READING = 'says how data are read, not which';
