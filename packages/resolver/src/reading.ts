/**
 * What a config says about one layer that can be quantized: is it, and which data half and weight half apply.
 *
 * - Documented rules (AMCT documentation, "quantization-aware training configuration"): per half,
 *   `override_layer_configs` before `override_layer_types` before the global settings. A skip by name beats an
 *   override by type, an override by name beats a skip by type; skip and override on the same level contradict.
 * - AMCT itself (`_generate_retrain_config` in AMCT's published retrain_config_base.py): an override replaces both
 *   halves, those it leaves out become the algorithm's defaults; and it beats every skip.
 * - AMCT's JSON config lists each layer's settings; there is only one reading of it.
 */
import type { DataSettings, OverrideEntry, SkipEntry, WeightSettings } from '@caffe-quant/config';
import type { ConfigIndex } from './config-index.ts';
import type { Compat, SourceLevel } from './plan.ts';

/** The half that applies; `half` is absent where no level gives one (level `default`). */
export interface HalfChoice<Half> {
  level: SourceLevel;
  half?: Half;
  /** The override that leaves the half out, where it does not inherit. */
  leftOutBy?: OverrideEntry;
}

export type Verdict =
  | { kind: 'quantize'; override?: OverrideEntry; level: SourceLevel; beaten?: SkipEntry }
  | { kind: 'skip'; skip: SkipEntry; level: SourceLevel }
  | { kind: 'conflict'; skip: SkipEntry; override: OverrideEntry; level: SourceLevel }
  /** AMCT's JSON config: `retrain_enable` is false, or the layer is not listed. */
  | { kind: 'disabled'; entry?: OverrideEntry };

export interface Reading {
  verdict: Verdict;
  data: HalfChoice<DataSettings>;
  weight: HalfChoice<WeightSettings>;
}

export function readLayer(name: string, type: string, index: ConfigIndex, compat: Compat): Reading {
  if (index.config.format === 'json') return jsonReading(name, index);
  return compat === 'amct' ? amctReading(name, type, index) : documentedReading(name, type, index);
}

function documentedReading(name: string, type: string, index: ConfigIndex): Reading {
  const byName = index.layerOverrides.get(name);
  const byType = index.typeOverrides.get(type);
  const { data, weight } = index.config;
  return {
    verdict: documentedVerdict(name, type, index),
    data: firstHalf([byName?.data, 'layer'], [byType?.data, 'type'], [data, 'global']),
    weight: firstHalf([byName?.weight, 'layer'], [byType?.weight, 'type'], [weight, 'global']),
  };
}

function documentedVerdict(name: string, type: string, index: ConfigIndex): Verdict {
  const nameSkip = index.skipLayers.get(name);
  const nameOverride = index.layerOverrides.get(name);
  const typeSkip = index.skipTypes.get(type);
  const typeOverride = index.typeOverrides.get(type);
  if (nameOverride) {
    if (nameSkip) return { kind: 'conflict', skip: nameSkip, override: nameOverride, level: 'layer' };
    return { kind: 'quantize', override: nameOverride, level: 'layer', ...(typeSkip && { beaten: typeSkip }) };
  }
  if (nameSkip) return { kind: 'skip', skip: nameSkip, level: 'layer' };
  if (typeOverride) {
    if (typeSkip) return { kind: 'conflict', skip: typeSkip, override: typeOverride, level: 'type' };
    return { kind: 'quantize', override: typeOverride, level: 'type' };
  }
  return typeSkip ? { kind: 'skip', skip: typeSkip, level: 'type' } : { kind: 'quantize', level: 'global' };
}

function amctReading(name: string, type: string, index: ConfigIndex): Reading {
  const nameSkip = index.skipLayers.get(name);
  const typeSkip = index.skipTypes.get(type);
  const skip = nameSkip ?? typeSkip;
  const byName = index.layerOverrides.get(name);
  const override = byName ?? index.typeOverrides.get(type);
  if (override) {
    const level = byName ? 'layer' : 'type';
    return {
      verdict: { kind: 'quantize', override, level, ...(skip && { beaten: skip }) },
      data: ownHalf(override, override.data, level),
      weight: ownHalf(override, override.weight, level),
    };
  }
  return {
    verdict: skip ? { kind: 'skip', skip, level: nameSkip ? 'layer' : 'type' } : { kind: 'quantize', level: 'global' },
    data: firstHalf([index.config.data, 'global']),
    weight: firstHalf([index.config.weight, 'global']),
  };
}

function jsonReading(name: string, index: ConfigIndex): Reading {
  const entry = index.layerOverrides.get(name);
  const enabled = entry !== undefined && entry.enabled?.value !== false;
  return {
    verdict: enabled
      ? { kind: 'quantize', override: entry, level: 'layer' }
      : { kind: 'disabled', ...(entry && { entry }) },
    data: ownHalf(entry, entry?.data, 'layer'),
    weight: ownHalf(entry, entry?.weight, 'layer'),
  };
}

function ownHalf<Half>(entry: OverrideEntry | undefined, half: Half | undefined, level: SourceLevel): HalfChoice<Half> {
  return half ? { half, level } : { level: 'default', ...(entry && { leftOutBy: entry }) };
}

function firstHalf<Half>(...levels: [Half | undefined, SourceLevel][]): HalfChoice<Half> {
  for (const [half, level] of levels) if (half) return { half, level };
  return { level: 'default' };
}
