/** What is to say about the settings that reach one layer: illegal values, surprises, and values that nobody gave. */
import type { RetrainConfig } from '@caffe-quant/config';
import { formatFloat } from 'caffe-prototxt-parser';
import type { Findings } from './findings.ts';
import { cannotBeChannelWise } from './layer-settings.ts';
import type { Compat } from './plan.ts';
import { hasWeights } from './quantizable.ts';
import type { ResolvedLayer } from './resolved-layer.ts';
import { halfNames } from './value-sources.ts';

export function checkSettings(
  resolved: ResolvedLayer,
  compat: Compat,
  config: RetrainConfig,
  findings: Findings,
  netFile: string,
): void {
  const quantized = resolved.reading.verdict.kind === 'quantize';
  // AMCT checks the settings of every layer that it could quantize, skipped or not.
  if (!quantized && compat === 'documented') return;
  checkChannelWise(resolved, compat, config, findings);
  checkClipMin(resolved, compat, findings);
  if (!quantized) return;
  checkFixedMin(resolved, findings, netFile);
  checkGiven(resolved, config, findings);
}

function checkChannelWise(
  { layer, settings }: ResolvedLayer,
  compat: Compat,
  config: RetrainConfig,
  findings: Findings,
): void {
  const asked = settings.channelWiseAt;
  if (!asked?.value || !cannotBeChannelWise(layer.type)) return;
  const fix =
    config.format === 'json'
      ? 'write "channel_wise":false for it'
      : `add override_layer_types { layer_type: "${layer.type}" retrain_weight_quant_config: { arq_retrain: { channel_wise: false } } }` +
        (compat === 'amct' ? ', with the data half too, which AMCT does not inherit' : '');
  if (compat === 'amct') {
    findings.add(`channel-wise-not-possible-${layer.type}`, layer, asked, (layers) => ({
      severity: 'error',
      message: `channel_wise: true reaches the ${layer.type} ${layers}, which cannot be quantized per channel`,
      hint: fix,
    }));
  } else if (hasWeights(layer.type)) {
    findings.add(`channel-wise-not-possible-${layer.type}`, layer, asked, (layers) => ({
      severity: 'warning',
      message:
        `channel_wise: true reaches the ${layer.type} ${layers}: the weights get one scale for the tensor ` +
        '(AMCT itself stops with an error here)',
      hint: fix,
    }));
  } else {
    findings.add('channel-wise-without-weights', layer, asked, (layers) => ({
      severity: 'info',
      message: `channel_wise: true means nothing to the AVE Pooling ${layers}, which has no weights (AMCT itself stops with an error here)`,
    }));
  }
}

function checkClipMin({ layer, settings }: ResolvedLayer, compat: Compat, findings: Findings): void {
  const { clip, clipAt, fixedMin } = settings;
  if (!clip || !clipAt || clip.min < 0) return;
  if (compat === 'amct') {
    findings.add('clip-min-not-negative', layer, clipAt.min, (layers) => ({
      severity: 'error',
      message: `clip_min should be less than 0 for ${layers}, but is ${formatFloat(clip.min)}`,
      hint: 'AMCT wants a negative clip_min even with fixed_min, which then takes 0 instead; with compat documented 0 is accepted there',
    }));
  } else if (!fixedMin) {
    findings.add('clip-min-not-negative', layer, clipAt.min, (layers) => ({
      severity: 'error',
      message: `clip_min is 0 for ${layers}, where fixed_min is false: the input may be negative`,
      hint: 'give a negative clip_min, or fixed_min: true where the input is never negative',
    }));
  }
}

function checkFixedMin({ layer, origin, settings }: ResolvedLayer, findings: Findings, netFile: string): void {
  const { clip, clipAt, fixedMin, fixedMinAt } = settings;
  if (clip && clipAt && fixedMin && clip.min < 0) {
    findings.add('clip-min-overridden', layer, clipAt.min, (layers) => ({
      severity: 'info',
      message:
        `clip_min ${formatFloat(clip.min)} has no effect on ${layers}: fixed_min is true there, ` +
        `so the range is [0, ${formatFloat(clip.max)}]`,
    }));
  }
  if (!fixedMinAt && origin.kind === 'nonnegative') {
    const [nearest, ...rest] = origin.path;
    findings.add(
      `fixed-min-possible-${layer.name}`,
      layer,
      { file: netFile, ...(layer.line !== undefined && { line: layer.line }) },
      () => ({
        severity: 'info',
        message:
          `its input comes from ${rest.at(-1) ?? nearest}${rest.length > 0 ? ` through ${origin.path.slice(0, -1).reverse().join(', ')}` : ''} ` +
          'and is never negative: fixed_min: true would use the whole grid (automatic only straight after a ReLU)',
        hint: `override_layer_configs { layer_name: "${layer.name}" retrain_data_quant_config: { ulq_quantize: { fixed_min: true } } }`,
      }),
    );
  }
  if (fixedMinAt?.value && origin.kind === 'other') {
    findings.add('fixed-min-cuts', layer, fixedMinAt, (layers) => ({
      severity: 'warning',
      message: `fixed_min: true cuts off every negative input of ${layers}, and the input there does not come from a ReLU`,
      hint: 'set fixed_min by hand only where the input is never negative; where it comes straight from a ReLU it is automatic',
    }));
  }
  if (fixedMinAt && !fixedMinAt.value && origin.kind !== 'other') {
    findings.add('fixed-min-wasted', layer, fixedMinAt, (layers) => ({
      severity: 'info',
      message: `fixed_min: false leaves the negative half of the grid unused for ${layers}, whose input is never negative`,
    }));
  }
}

/** Values that nobody gave, where the documentation calls them required. */
function checkGiven({ layer, reading }: ResolvedLayer, config: RetrainConfig, findings: Findings): void {
  const { data, weight } = reading;
  const fields = halfNames(config);
  const without = (choice: typeof data | typeof weight, field: string, outcome: string): void => {
    // With AMCT's reading, the comparison of the two readings tells where an override leaves a half out.
    if (choice.half || (choice.leftOutBy && config.format === 'cfg')) return;
    findings.add(`no-${field}`, layer, choice.leftOutBy ?? { file: config.file }, (layers) => ({
      severity: 'warning',
      message: `no ${field} applies to ${layers}: ${outcome}`,
    }));
  };
  without(data, fields.data, 'IFMR measures the clip range');
  if (!hasWeights(layer.type)) return;
  without(weight, fields.weight, "channel_wise is the type's default (true for convolutions, false for InnerProduct)");
  if (weight.half && !weight.half.channelWise) {
    findings.add('no-channel-wise', layer, weight.half, (layers) => ({
      severity: 'warning',
      message: `channel_wise is not given for ${layers}: it is the type's default (true for convolutions, false for InnerProduct)`,
    }));
  }
}
