import { type Dialect, dialectSchema } from '../dialects/dialect-schema.ts';
import { FUSION_FIELDS } from './separate-fusions.ts';
import { SCALE_FIELDS } from './separate-scales.ts';

/** The fields of a layer type that are computed by layers beside it, as paths of a dialect: `batch_norm_param.scale_bias`. */
export function separatedFields(dialect: Dialect, type: string): readonly string[] {
  const scales = type === 'BatchNorm' && dialectSchema(dialect, 'BatchNormParameter').fields.has(SCALE_FIELDS[0]);
  const ofScale = scales ? SCALE_FIELDS.map((field) => `batch_norm_param.${field}`) : [];
  return [...(FUSION_FIELDS[type] ?? []), ...ofScale];
}
