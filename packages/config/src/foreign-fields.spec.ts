import { parseRetrainConfig } from './index.ts';

const read = (text: string) => parseRetrainConfig(text, 'quant.cfg');
const data = (text: string) => `retrain_data_quant_config { ulq_quantize { ${text} } }`;

const weights = (text: string) => `retrain_weight_quant_config { arq_retrain { ${text} } }`;

describe('fields that AMCT has elsewhere are explained', () => {
  it.each<[text: string, severity: string, code: string, message: string, hint: string]>([
    [data('dst_type: INT4'), 'error', 'later-edition-field', 'the Caffe edition quantizes to INT8 only', 'remove it'],
    [
      data('dst_type: INT8'),
      'warning',
      'later-edition-field',
      'INT8 is what the Caffe edition always does',
      'remove `dst_type`',
    ],
    [weights('dst_type: INT4'), 'error', 'later-edition-field', '`dst_type: INT4` chooses', 'trained with 8 bits'],
    [weights('num_bits: 4'), 'error', 'later-edition-field', '`num_bits: 4` chooses a width', 'trained with 8 bits'],
    [data('dst_type: INT16'), 'error', 'later-edition-field', '`dst_type: INT16` chooses', 'trained with 8 bits'],
    [data('num_bits: 16'), 'error', 'later-edition-field', '`num_bits: 16` chooses a width', 'trained with 8 bits'],
    [data('num_bits: 12'), 'error', 'later-edition-field', '8 bits only', 'remove it'],
    [data('num_bits: 8'), 'warning', 'later-edition-field', '8 is what', 'remove `num_bits`'],
    [
      'retrain_weight_quant_config { ulq_retrain { } }',
      'error',
      'later-edition-field',
      'PyTorch edition',
      'arq_retrain',
    ],
    ['prune_config { filter_pruner { } }', 'error', 'later-edition-field', 'pruning', 'does not prune'],
    ['regular_prune_skip_layers: "a"', 'error', 'later-edition-field', 'pruning', 'does not prune'],
    ['regular_prune_skip_types: "a"', 'error', 'later-edition-field', 'pruning', 'does not prune'],
    ['fakequant_precision_mode: FORCE_FP16_QUANT', 'error', 'later-edition-field', 'float16', 'remove it'],
    [
      'override_layer_configs { layer_name: "a" prune_config { } }',
      'error',
      'later-edition-field',
      'pruning',
      'does not prune',
    ],
    ['activation_offset: true', 'error', 'post-training-field', 'post-training', 'remove `activation_offset`'],
    ['joint_quant: true', 'error', 'post-training-field', 'post-training', 'remove'],
    ['do_fusion: true', 'error', 'post-training-field', 'post-training', 'remove'],
    ['skip_fusion_layers: "a"', 'error', 'post-training-field', 'post-training', 'remove'],
    ['quant_enable: true', 'error', 'post-training-field', 'post-training', 'skip_layers'],
    ['activation_quant_params { }', 'error', 'post-training-field', 'post-training', 'retrain_data_quant_config'],
    ['weight_quant_params { }', 'error', 'post-training-field', 'post-training', 'retrain_weight_quant_config'],
    ['common_config { }', 'error', 'post-training-field', 'post-training', 'retrain_data_quant_config'],
    ['calibration_config { }', 'error', 'post-training-field', 'post-training', 'retrain_data_quant_config'],
    ['update_bn: true', 'error', 'post-training-field', 'post-training', 'remove'],
    ['tensor_quantize { }', 'error', 'post-training-field', 'post-training', 'remove'],
    [
      'retrain_data_quant_config { ifmr_quantize { } }',
      'error',
      'post-training-field',
      'post-training',
      'ulq_quantize',
    ],
    [
      'retrain_weight_quant_config { arq_quantize { } }',
      'error',
      'post-training-field',
      'post-training',
      'arq_retrain',
    ],
    ['retrain_data_config { }', 'error', 'json-config-field', 'JSON config', 'retrain_data_quant_config'],
    ['retrain_weight_config { }', 'error', 'json-config-field', 'JSON config', 'retrain_weight_quant_config'],
    ['retrain_enable: true', 'error', 'json-config-field', 'JSON config', 'skip_layers'],
  ])('%s', (text, severity, code, message, hint) => {
    const found = read(text).diagnostics.find((diagnostic) => diagnostic.code === code);
    expect(found).toMatchObject({ severity, line: 1 });
    expect(found?.message).toContain(message);
    expect(found?.hint).toContain(hint);
  });
});
