import { parseRetrainConfig } from '@caffe-quant/config';
import { resolvePlan } from '@caffe-quant/resolver';
import type { LayerPlan } from '@caffe-quant/resolver';
import { escapeString } from 'caffe-prototxt-parser';
import type { NamedText } from './net-of-text.ts';
import { netOfText } from './net-of-text.ts';

const GLOBAL = `retrain_data_quant_config: { ulq_quantize: { } }
retrain_weight_quant_config: { arq_retrain: { channel_wise: true } }
`;

/** InnerProduct has one scale for all its weights; AMCT refuses a config that says otherwise. */
const INNER_PRODUCT = `override_layer_types: {
  layer_type: "InnerProduct"
  retrain_weight_quant_config: { arq_retrain: { channel_wise: false } }
}
`;

/**
 * A commented quant.cfg that quantizes every layer of a net that can be, its ranges measured by IFMR.
 *
 * @throws DiagnosticsError where the prototxt is not a sound net, or has nothing to quantize
 */
export function quantConfigText(netText: NamedText, project: string): string {
  const { train, test } = netOfText(netText);
  const { config } = parseRetrainConfig(GLOBAL, 'quant.cfg');
  const { plan } = resolvePlan({ train, test, config, compat: 'documented' });
  const layers = plan.layers.filter(({ quantizable }) => quantizable);
  const first = escapeString(layers[0]?.name ?? 'conv1', true);
  const hasInnerProduct = layers.some(({ type }) => type === 'InnerProduct');
  return `# What is quantized, and how: AMCT's config for quantization-aware training.
# \`nx run ${project}:quantize-explain\` prints what it makes of every layer, and why.

# The layers of this net that can be quantized:
#
${table(layers)}
# Everything not said below is taken from here: learned clip ranges for the inputs of layers, one scale for each output
# channel of the weights. IFMR measures on batch_num batches where the ranges start; to start elsewhere, say
# ulq_quantize: { clip_max_min: { clip_max: 6 clip_min: -6 } }
batch_num: 1
${GLOBAL}
${hasInnerProduct ? `${INNER_PRODUCT}\n` : ''}# Layers that stay float, by name or by type. The first and the last layer are the usual candidates.
# skip_layers: ${first}
# skip_layer_types: "Pooling"

# What differs for one layer; \`nx g @caffe-quant/nx:override\` writes such entries.
# override_layer_configs: {
#   layer_name: ${first}
#   retrain_data_quant_config: { ulq_quantize: { clip_max_min: { clip_max: 3 clip_min: -3 } } }
# }
`;
}

function table(layers: readonly LayerPlan[]): string {
  const width = Math.max(...layers.map(({ name }) => name.length));
  return layers.map(({ name, type }) => `#   ${name.padEnd(width)}  ${type}\n`).join('');
}
