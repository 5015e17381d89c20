/** What is to say about the settings that reach one layer: illegal values, surprises, and values that nobody gave. */
import type { RetrainConfig } from '@caffe-quant/config';
import { formatFloat } from 'caffe-prototxt-parser';
import type { Findings } from './findings.ts';
import { checkFixedMin } from './check-fixed-min.ts';
import { cannotBeChannelWise } from './layer-settings.ts';
import type { Compat } from './plan.ts';
import { hasWeights } from './quantizable.ts';
import type { ResolvedLayer } from './resolved-layer.ts';
import { halfNames } from './value-sources.ts';
import { IFMR } from './wording.ts';

export interface SettingsInput {
  compat: Compat;
  config: RetrainConfig;
  /** The prototxt. */
  netFile: string;
  /** What measures a range; default: IFMR. */
  measuredBy: string | undefined;
}

export function checkSettings(resolved: ResolvedLayer, input: SettingsInput, findings: Findings): void {
  const quantized = resolved.reading.verdict.kind === 'quantize';
  // AMCT checks the settings of every layer that it could quantize, skipped or not.
  if (!quantized && input.compat === 'documented') return;
  checkChannelWise(resolved, input, findings);
  checkClipMin(resolved, input.compat, findings);
  if (!quantized) return;
  checkFixedMin(resolved, input.netFile, findings);
  checkGiven(resolved, input, findings);
}

function checkChannelWise(resolved: ResolvedLayer, { compat, config }: SettingsInput, findings: Findings): void {
  const { layer, settings } = resolved;
  const at = settings.channelWiseAt;
  if (!at?.value || !cannotBeChannelWise(layer.type)) return;
  const hint =
    config.format === 'json'
      ? 'write "channel_wise":false for it'
      : `add override_layer_types { layer_type: "${layer.type}" retrain_weight_quant_config: { arq_retrain: { channel_wise: false } } }` +
        (compat === 'amct' ? ', with the data half too, which AMCT does not inherit' : '');
  if (compat === 'documented' && !hasWeights(layer.type)) {
    const tell = (layers: string) => ({
      severity: 'info' as const,
      message: `channel_wise: true means nothing to the AVE Pooling ${layers}, which has no weights (AMCT itself stops with an error here)`,
    });
    findings.add({ code: 'channel-wise-without-weights', layer, at, tell });
    return;
  }
  findings.add({
    code: 'channel-wise-not-possible',
    layer,
    at,
    apart: layer.type,
    tell: (layers) =>
      compat === 'amct'
        ? {
            severity: 'error',
            message: `channel_wise: true reaches the ${layer.type} ${layers}, which cannot be quantized per channel`,
            hint,
          }
        : {
            severity: 'warning',
            message:
              `channel_wise: true reaches the ${layer.type} ${layers}: ` +
              'the weights get one scale for the tensor (AMCT itself stops with an error here)',
            hint,
          },
  });
}

/** A clip_min of 0 has passed the config's own checks; whether it is legal depends on fixed_min. */
function checkClipMin({ layer, settings }: ResolvedLayer, compat: Compat, findings: Findings): void {
  const { clip, clipAt, fixedMin } = settings;
  if (!clip || !clipAt || clip.min < 0 || (compat === 'documented' && fixedMin)) return;
  findings.add({
    code: 'clip-min-not-negative',
    layer,
    at: clipAt.min,
    tell: (layers) =>
      compat === 'amct'
        ? {
            severity: 'error',
            message: `clip_min should be less than 0 for ${layers}, but is ${formatFloat(clip.min)}`,
            hint: 'AMCT wants a negative clip_min even with fixed_min, which then takes 0 instead; with compat documented 0 is accepted there',
          }
        : {
            severity: 'error',
            message: `clip_min is 0 for ${layers}, where fixed_min is false: the input may be negative`,
            hint: 'give a negative clip_min, or fixed_min: true where the input is never negative',
          },
  });
}

/** Values that nobody gave, where the documentation calls them required. */
function checkGiven(
  { layer, reading }: ResolvedLayer,
  { config, measuredBy = IFMR }: SettingsInput,
  findings: Findings,
): void {
  const { data, weight } = reading;
  const fields = halfNames(config);
  const without = (code: string, choice: typeof data | typeof weight, field: string, outcome: string): void => {
    // With AMCT's reading, the comparison of the two readings tells where an override leaves a half out.
    if (choice.half || (choice.leftOutBy && config.format === 'cfg')) return;
    findings.add({
      code,
      layer,
      at: choice.leftOutBy ?? { file: config.file },
      tell: (layers) => ({ severity: 'warning', message: `no ${field} applies to ${layers}: ${outcome}` }),
    });
  };
  without('no-data-half', data, fields.data, `${measuredBy} measures the clip range`);
  if (!hasWeights(layer.type)) return;
  const outcome = "channel_wise is the type's default (true for convolutions, false for InnerProduct)";
  without('no-weight-half', weight, fields.weight, outcome);
  if (weight.half && !weight.half.channelWise) {
    findings.add({
      code: 'no-channel-wise',
      layer,
      at: weight.half,
      tell: (layers) => ({ severity: 'warning', message: `no channel_wise is given for ${layers}: ${outcome}` }),
    });
  }
}
