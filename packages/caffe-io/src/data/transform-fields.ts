import { read } from '../fields/field-use.ts';
import type { LayerFields } from '../layer-type.ts';
import { RANDOM_ASPECT_RATIO_FIELDS, RANDOM_RESIZE_FIELDS } from './random-scale.ts';
import { RANDOM_STRETCH_FIELDS } from './random-stretch.ts';
import { RESIZE_PARAM_FIELDS } from './resize-policy.ts';

/** Those that change images in layers with boxes alone, here as in every fork. */
export const FIELDS_FOR_BOXES = ['distort_param', 'expand_param', 'emit_constraint'] as const;

/** The fields of a `transform_param`, as the layers with images read it. */
export const TRANSFORM_FIELDS = {
  ...read('scale', 'mirror', 'crop_size', 'mean_file', 'mean_value', 'force_color', 'force_gray'),
  ...read('crop_h', 'crop_w', 'center_crop', 'cvt_bgr2rgb', ...RANDOM_STRETCH_FIELDS),
  resize_param: RESIZE_PARAM_FIELDS,
  random_resize_param: RANDOM_RESIZE_FIELDS,
  random_aspect_ratio_param: RANDOM_ASPECT_RATIO_FIELDS,
  // They are warned of.
  ...read(...FIELDS_FOR_BOXES),
  random_seed: 'what is drawn at random depends on the solver’s random_seed alone',
  use_gpu_transform: 'says where it is done',
  forward_packing: 'a layout in memory',
  display: 'shows pictures',
  debug_params: 'prints what is drawn at random',
} as const;

/** A `transform_param`, as far as it is read. */
export type TransformFields = NonNullable<LayerFields<{ transform_param: typeof TRANSFORM_FIELDS }>['transform_param']>;

/** Why settings about threads and memory change nothing here. */
export const READING = 'says how data are read, not which';
