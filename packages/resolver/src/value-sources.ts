/** Where each value of a layer's plan came from, in words and as file and line. */
import type { Location, RetrainConfig } from '@caffe-quant/config';
import { formatFloat } from 'caffe-prototxt-parser';
import type { LayerPlan, SourceLevel, ValueSource } from './plan.ts';
import type { HalfChoice, Reading } from './reading.ts';
import type { ResolvedLayer } from './resolved-layer.ts';
import { IFMR } from './wording.ts';

/** Whether a layer is quantized, the reason in words, and what decided it. */
export function verdictOf(
  { verdict }: Reading,
  type: string,
  config: RetrainConfig,
): Pick<LayerPlan, 'quantized' | 'reason' | 'source'> {
  switch (verdict.kind) {
    case 'skip': {
      const byType = verdict.level === 'type';
      return {
        quantized: false,
        reason: byType
          ? `${verdict.skip.field} names its type ${type} (AMCT's documentation calls skipping by type not yet supported; it works here)`
          : `${verdict.skip.field} names it`,
        source: at(verdict.level, verdict.skip),
      };
    }
    case 'conflict': {
      const override = verdict.level === 'type' ? 'override_layer_types' : 'override_layer_configs';
      return {
        quantized: false,
        reason: `both ${verdict.skip.field} and ${override} name ${verdict.level === 'type' ? `its type ${type}` : 'it'}`,
        source: at(verdict.level, verdict.skip),
      };
    }
    case 'disabled':
      return {
        quantized: false,
        reason: verdict.entry ? 'its retrain_enable is false' : `${config.file} does not list it`,
        source: verdict.entry ? at('layer', verdict.entry.enabled ?? verdict.entry.target) : { level: 'default' },
      };
    case 'quantize': {
      const { override, level, beaten } = verdict;
      if (!override) return { quantized: true, reason: 'nothing skips it', source: { level: 'default' } };
      const listed = config.format === 'json' ? `${config.file} lists it` : overrideReason(level, type);
      const more = beaten ? `, which beats ${beaten.field}` : '';
      return { quantized: true, reason: listed + more, source: at(level, override.target) };
    }
  }
}

function overrideReason(level: SourceLevel, type: string): string {
  return level === 'type' ? `override_layer_types names its type ${type}` : 'override_layer_configs names it';
}

export function sourcesOf(
  { layer, origin, reading, settings }: ResolvedLayer,
  config: RetrainConfig,
  measuredBy = IFMR,
): { clip: ValueSource; fixedMin: ValueSource; channelWise: ValueSource } {
  const { data, weight } = reading;
  const { clip, clipAt, fixedMin, fixedMinAt, channelWise, channelWiseAt } = settings;
  const fields = halfNames(config);
  const automatic =
    origin.kind === 'relu'
      ? `automatic: its input comes straight from the ReLU ${origin.layer}`
      : 'automatic: its input does not come straight from a ReLU';
  const overridden =
    clip && fixedMin && clip.min < 0 ? `fixed_min overrides clip_min ${formatFloat(clip.min)}` : undefined;
  const impossible =
    channelWiseAt?.value && !channelWise ? `channel_wise: true is not possible for ${layer.type}` : undefined;
  return {
    clip: clipAt
      ? at(data.level, clipAt, overridden)
      : missing(data, fields.data, `${measuredBy} measures the range`, 'clip range'),
    fixedMin: fixedMinAt ? at(data.level, fixedMinAt) : missing(data, fields.data, automatic),
    channelWise: channelWiseAt
      ? at(weight.level, channelWiseAt, impossible)
      : missing(weight, fields.weight, `the default for ${layer.type}`, 'channel_wise'),
  };
}

/** The names of the halves in the config's own format. */
export function halfNames({ format }: RetrainConfig): { data: string; weight: string } {
  return format === 'json'
    ? { data: 'retrain_data_config', weight: 'retrain_weight_config' }
    : { data: 'retrain_data_quant_config', weight: 'retrain_weight_quant_config' };
}

/** The source of a value that nobody wrote; it points at the half, or the override, that could have given it. */
function missing(choice: HalfChoice<Location>, field: string, outcome: string, value?: string): ValueSource {
  if (choice.half) {
    const reason = value === undefined ? '' : `the ${field}${OWNERS[choice.level]} gives no ${value}: `;
    return at('default', choice.half, reason + outcome);
  }
  if (choice.leftOutBy) return at('default', choice.leftOutBy, `the entry gives no ${field}: ${outcome}`);
  return { level: 'default', note: value === undefined ? outcome : `no ${field} applies: ${outcome}` };
}

/** Whose half it is. */
const OWNERS = { layer: ' of the override by name', type: ' of the override by type', global: '', default: '' };

function at(level: SourceLevel, { file, line }: Location, note?: string): ValueSource {
  return { level, file, line, ...(note !== undefined && { note }) };
}
