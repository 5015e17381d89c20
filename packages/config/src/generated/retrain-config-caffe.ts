// Made by tools/generate-protos.mjs from proto/retrain_config_caffe.proto. Do not edit.
import type { JsonDescriptor } from 'caffe-prototxt-parser';

/** The whole file. */
export interface AMCTRetrainConfig {
  /** batches that IFMR sees where no clip range is given. Default 1. */
  batch_num?: number | undefined;
  /** for every layer without an override */
  retrain_data_quant_config?: RetrainDataQuantConfig | undefined;
  retrain_weight_quant_config?: RetrainWeightQuantConfig | undefined;
  /** layers by name that stay float */
  skip_layers: string[];
  override_layer_configs: RetrainOverrideLayer[];
  /** layers by type that stay float */
  skip_layer_types: string[];
  override_layer_types: RetrainOverrideLayerType[];
  /** as skip_layers */
  quant_skip_layers: string[];
  /** as skip_layer_types */
  quant_skip_types: string[];
}

/** Data (activation) quantization. */
export interface RetrainDataQuantConfig {
  ulq_quantize?: ULQuantize | undefined;
}

/** Universal linear quantization with a learned clip range. */
export interface ULQuantize {
  /** where the range starts; absent: found by IFMR on the data */
  clip_max_min?: ClipMaxMin | undefined;
  /** keep the lower bound at 0; absent: true after a ReLU */
  fixed_min?: boolean | undefined;
}

export interface ClipMaxMin {
  /** above 0 */
  clip_max: number;
  /** below 0 */
  clip_min: number;
}

/** Weight quantization. */
export interface RetrainWeightQuantConfig {
  arq_retrain?: ARQRetrain | undefined;
}

/** Adaptive range quantization: the scale follows the weights. */
export interface ARQRetrain {
  /** one scale per output channel; absent: true for convolutions, false else */
  channel_wise?: boolean | undefined;
}

/** Settings of one layer, instead of the global ones. */
export interface RetrainOverrideLayer {
  layer_name: string;
  retrain_data_quant_config?: RetrainDataQuantConfig | undefined;
  retrain_weight_quant_config?: RetrainWeightQuantConfig | undefined;
}

/** Settings of all layers of one type, instead of the global ones. */
export interface RetrainOverrideLayerType {
  layer_type: string;
  retrain_data_quant_config?: RetrainDataQuantConfig | undefined;
  retrain_weight_quant_config?: RetrainWeightQuantConfig | undefined;
}

/** Every message by its name in the schema. */
export interface Messages {
  AMCTRetrainConfig: AMCTRetrainConfig;
  RetrainDataQuantConfig: RetrainDataQuantConfig;
  ULQuantize: ULQuantize;
  ClipMaxMin: ClipMaxMin;
  RetrainWeightQuantConfig: RetrainWeightQuantConfig;
  ARQRetrain: ARQRetrain;
  RetrainOverrideLayer: RetrainOverrideLayer;
  RetrainOverrideLayerType: RetrainOverrideLayerType;
}

/** The schema as protobufjs's JSON descriptor. */
export const descriptor: JsonDescriptor = {
  nested: {
    AMCTRetrain: {
      nested: {
        AMCTRetrainConfig: {
          fields: {
            batch_num: { type: 'uint32', id: 1, options: { default: 1 } },
            retrain_data_quant_config: { type: 'RetrainDataQuantConfig', id: 2 },
            retrain_weight_quant_config: { type: 'RetrainWeightQuantConfig', id: 3 },
            skip_layers: { rule: 'repeated', type: 'string', id: 4 },
            override_layer_configs: { rule: 'repeated', type: 'RetrainOverrideLayer', id: 5 },
            skip_layer_types: { rule: 'repeated', type: 'string', id: 6 },
            override_layer_types: { rule: 'repeated', type: 'RetrainOverrideLayerType', id: 7 },
            quant_skip_layers: { rule: 'repeated', type: 'string', id: 11 },
            quant_skip_types: { rule: 'repeated', type: 'string', id: 12 },
          },
        },
        RetrainDataQuantConfig: {
          fields: {
            ulq_quantize: { type: 'ULQuantize', id: 13 },
          },
          oneofs: {
            data_retrain_algo: { oneof: ['ulq_quantize'] },
          },
        },
        ULQuantize: {
          fields: {
            clip_max_min: { type: 'ClipMaxMin', id: 1 },
            fixed_min: { type: 'bool', id: 2 },
          },
        },
        ClipMaxMin: {
          fields: {
            clip_max: { rule: 'required', type: 'float', id: 3 },
            clip_min: { rule: 'required', type: 'float', id: 5 },
          },
        },
        RetrainWeightQuantConfig: {
          fields: {
            arq_retrain: { type: 'ARQRetrain', id: 1 },
          },
          oneofs: {
            weights_retrain_algo: { oneof: ['arq_retrain'] },
          },
        },
        ARQRetrain: {
          fields: {
            channel_wise: { type: 'bool', id: 2 },
          },
        },
        RetrainOverrideLayer: {
          fields: {
            layer_name: { rule: 'required', type: 'string', id: 1 },
            retrain_data_quant_config: { type: 'RetrainDataQuantConfig', id: 2 },
            retrain_weight_quant_config: { type: 'RetrainWeightQuantConfig', id: 3 },
          },
        },
        RetrainOverrideLayerType: {
          fields: {
            layer_type: { rule: 'required', type: 'string', id: 1 },
            retrain_data_quant_config: { type: 'RetrainDataQuantConfig', id: 2 },
            retrain_weight_quant_config: { type: 'RetrainWeightQuantConfig', id: 3 },
          },
        },
      },
    },
  },
};
