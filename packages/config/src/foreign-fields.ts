/**
 * Fields that AMCT knows elsewhere, in later editions, in the post-training config or in its JSON config, but not in
 * the Caffe edition's quant.cfg. Whoever brings one along is told what it is and what to do, not "unknown field".
 */
import type { Diagnostic } from 'caffe-prototxt-parser';

/** What to say about such a field; `undefined` for a name that AMCT knows nowhere. */
export function explainForeignField(
  name: string,
  value: string | undefined,
): Pick<Diagnostic, 'code' | 'severity' | 'message' | 'hint'> | undefined {
  const harmless = INT8_SPELLINGS.get(name)?.includes(value ?? '');
  if (harmless) {
    return {
      code: 'later-edition-field',
      severity: 'warning',
      message: `\`${name}\` is a field of other editions of AMCT; ${value} is what the Caffe edition always does`,
      hint: `remove \`${name}\``,
    };
  }
  const later = LATER_EDITIONS.get(name);
  if (later) {
    const [what, hint] = later;
    const asked = INT8_SPELLINGS.has(name) && value !== undefined ? `${name}: ${value}` : name;
    return { code: 'later-edition-field', severity: 'error', message: `\`${asked}\` ${what}`, hint };
  }
  const json = JSON_KEYS.get(name);
  if (json) {
    return {
      code: 'json-config-field',
      severity: 'error',
      message: `\`${name}\` is a key of AMCT's JSON config, not of quant.cfg`,
      hint: json,
    };
  }
  if (!POST_TRAINING.has(name)) return undefined;
  return {
    code: 'post-training-field',
    severity: 'error',
    message: `\`${name}\` is a field of the post-training quantization config, not of quantization-aware training`,
    hint: POST_TRAINING.get(name) ?? `remove \`${name}\``,
  };
}

/** Values that ask for nothing but what happens anyhow. */
const INT8_SPELLINGS = new Map([
  ['dst_type', ['INT8', '1']],
  ['num_bits', ['8']],
  ['fakequant_precision_mode', ['DEFAULT', '0']],
  ['regular_prune_enable', ['false']],
]);

const NO_PRUNING = 'remove it; this tool trains the quantization of a net and does not prune it';

const LATER_EDITIONS = new Map<string, [what: string, hint: string]>([
  [
    'dst_type',
    [
      'chooses an integer type in other editions of AMCT; the Caffe edition quantizes to INT8 only',
      'remove it, and the layer is trained with 8 bits',
    ],
  ],
  [
    'num_bits',
    [
      'chooses a width in the SS928 edition of AMCT; the Caffe edition quantizes to 8 bits only',
      'remove it, and the layer is trained with 8 bits',
    ],
  ],
  [
    'ulq_retrain',
    [
      'learns the range of the weights in the PyTorch edition of AMCT; the Caffe edition has arq_retrain only',
      'write arq_retrain { channel_wise: true } instead',
    ],
  ],
  [
    'fakequant_precision_mode',
    ['chooses float16 scales in other editions of AMCT; scales are float32 here', 'remove it'],
  ],
  ['prune_config', ['asks for channel or n:m pruning, which other editions of AMCT have', NO_PRUNING]],
  ['filter_pruner', ['asks for channel pruning, which other editions of AMCT have', NO_PRUNING]],
  ['n_out_of_m_pruner', ['asks for n:m pruning, which other editions of AMCT have', NO_PRUNING]],
  ['regular_prune_skip_layers', ['belongs to pruning, which other editions of AMCT have', NO_PRUNING]],
  ['regular_prune_skip_types', ['belongs to pruning, which other editions of AMCT have', NO_PRUNING]],
  ['regular_prune_enable', ['belongs to pruning, which other editions of AMCT have', NO_PRUNING]],
  ['regular_prune_config', ['belongs to pruning, which other editions of AMCT have', NO_PRUNING]],
]);

const JSON_KEYS = new Map([
  ['retrain_data_config', 'write retrain_data_quant_config { ulq_quantize { ... } }'],
  ['retrain_weight_config', 'write retrain_weight_quant_config { arq_retrain { ... } }'],
  ['retrain_enable', 'name the layer in skip_layers instead'],
  ['algo', 'the algorithm is the name of the message here: ulq_quantize { ... }, arq_retrain { ... }'],
]);

/** Field and, where training has something of the kind, what to write. */
const POST_TRAINING = new Map<string, string | undefined>([
  ...['activation_offset', 'joint_quant', 'do_fusion', 'skip_fusion_layers', 'update_bn', 'version'].map(nothing),
  ...['dmq_balancer', 'tensor_quantize', 'accuracy_based_auto_calibration', 'nuq_quantize', 'snq_quantize'].map(
    nothing,
  ),
  ...['hfmg_quantize', 'num_steps', 'num_of_iteration', 'weight_compress_only', 'skip_approximation_layers'].map(
    nothing,
  ),
  ...['max_percentile', 'min_percentile', 'search_range', 'search_range_start', 'search_range_end'].map(percentile),
  ...['search_step'].map(percentile),
  ['quant_enable', 'name the layer in skip_layers instead'],
  ['activation_quant_params', 'write retrain_data_quant_config { ulq_quantize { ... } } instead'],
  [
    'ifmr_quantize',
    'write retrain_data_quant_config { ulq_quantize { } }: IFMR initialises it where it gives no clip_max_min',
  ],
  ['weight_quant_params', 'write retrain_weight_quant_config { arq_retrain { ... } } instead'],
  ['wts_algo', 'write retrain_weight_quant_config { arq_retrain { ... } } instead'],
  ['arq_quantize', 'write retrain_weight_quant_config { arq_retrain { ... } } instead'],
  ...['common_config', 'calibration_config', 'conv_calibration_config', 'fc_calibration_config'].map(halves),
]);

function nothing(name: string): [string, undefined] {
  return [name, undefined];
}

function percentile(name: string): [string, string] {
  return [name, "remove it; IFMR's own settings are those that AMCT uses in training"];
}

function halves(name: string): [string, string] {
  return [name, 'write retrain_data_quant_config and retrain_weight_quant_config instead'];
}
