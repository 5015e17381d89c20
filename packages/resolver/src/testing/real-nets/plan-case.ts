import type { Compat } from '../../plan.ts';

/** A plan written down from the rules before the resolver saw the net. */
export interface PlanCase {
  what: string;
  net: string;
  cfg: string;
  compat?: Compat;
  lines: string[];
  /** Warnings and errors, in order. */
  said?: string[];
}

export const clip = (range: number) =>
  `retrain_data_quant_config { ulq_quantize { clip_max_min { clip_max: ${range} clip_min: -${range} } } }\n`;
export const cw = (channelWise: boolean) =>
  `retrain_weight_quant_config { arq_retrain { channel_wise: ${channelWise} } }\n`;
export const name = (layer: string, halves: string) => `override_layer_configs { layer_name: "${layer}" ${halves} }\n`;
export const type = (layer: string, halves: string) => `override_layer_types { layer_type: "${layer}" ${halves} }\n`;

/** `~MAX` and `~ReLU` are short for the reasons of a MAX pooling and of a type that is never quantized. */
export const long = (line: string): string =>
  line
    .replace(/: ~MAX$/, ': - MAX pooling is not quantized; AVE pooling is')
    .replace(/: ~global$/, ': - global AVE pooling is not quantized')
    .replace(/: ~skip$/, ': - skip_layers names it')
    .replace(/: ~(\w+)$/, ': - $1 layers are not quantized');
