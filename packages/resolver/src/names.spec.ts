import { LENET, layer } from './testing/nets.ts';
import { resolve, summaryOf } from './testing/resolve.ts';

const GOOD =
  'retrain_data_quant_config { ulq_quantize { clip_max_min { clip_max: 6 clip_min: -6 } } }\n' +
  'retrain_weight_quant_config { arq_retrain { channel_wise: false } }\n';
const HALF =
  'retrain_weight_quant_config { arq_retrain { channel_wise: false } } retrain_data_quant_config { ulq_quantize { } }';
const byName = (name: string) => `override_layer_configs { layer_name: "${name}" ${HALF} }`;
const byType = (type: string) => `override_layer_types { layer_type: "${type}" ${HALF} }`;
const QUIET = new Set(['clip-min-overridden', 'compat-differs']);

/** Each row: the third line of a quant.cfg, and what is said about it in either mode. */
describe('names that the config mentions', () => {
  it.each<[line: string, documented: string[], amct: string[], hint: string]>([
    ['skip_layers: "conv1"', [], [], ''],
    ['quant_skip_layers: "conv1"', [], [], ''],
    ['skip_layers: "conv_1"', ['error unknown-layer 3'], ['error unknown-layer 3'], 'did you mean `conv1`?'],
    ['quant_skip_layers: "Conv1"', ['error unknown-layer 3'], ['error unknown-layer 3'], 'did you mean `conv1`?'],
    [
      'skip_layers: "zzz"',
      ['error unknown-layer 3'],
      ['error unknown-layer 3'],
      'Layers that can be quantized: conv1, conv2, pool2, ip1, ip2',
    ],
    [
      'skip_layers: "relu1"',
      ['warning skip-of-unquantizable-layer 3'],
      ['error skip-of-unquantizable-layer 3'],
      'remove the name',
    ],
    [
      'skip_layers: "accuracy"',
      ['warning skip-of-unquantizable-layer 3'],
      ['error skip-of-unquantizable-layer 3'],
      'remove the name',
    ],
    [
      'quant_skip_layers: "relu1"',
      ['error skip-of-unquantizable-layer 3'],
      ['error skip-of-unquantizable-layer 3'],
      'remove the name',
    ],
    [
      'skip_layers: "aux"',
      ['warning skip-of-unquantizable-layer 3'],
      ['warning skip-of-unquantizable-layer 3'],
      'remove the name',
    ],
    ['skip_layer_types: "Convolution"', ['info skip-by-type 3'], ['info skip-by-type 3'], ''],
    ['quant_skip_types: "Pooling"', ['info skip-by-type 3'], ['info skip-by-type 3'], ''],
    ['skip_layer_types: "Deconvolution"', ['info type-not-in-net 3'], ['info type-not-in-net 3'], ''],
    [
      'skip_layer_types: "ReLU"',
      ['warning skip-of-unquantizable-type 3'],
      ['error skip-of-unquantizable-type 3'],
      'Convolution, InnerProduct, Deconvolution, Pooling',
    ],
    [
      'skip_layer_types: "LRN"',
      ['warning skip-of-unquantizable-type 3'],
      ['error skip-of-unquantizable-type 3'],
      'Pooling',
    ],
    [
      'quant_skip_types: "ReLU"',
      ['error skip-of-unquantizable-type 3'],
      ['error skip-of-unquantizable-type 3'],
      'Pooling',
    ],
    ['skip_layer_types: "Conv"', ['error unknown-type 3'], ['error unknown-type 3'], 'Types that are quantized'],
    [
      'quant_skip_types: "InnerProdukt"',
      ['error unknown-type 3'],
      ['error unknown-type 3'],
      'did you mean `InnerProduct`?',
    ],
    [byName('ip2'), [], [], ''],
    [byName('ip3'), ['error unknown-layer 3'], ['error unknown-layer 3'], 'did you mean `ip1`?'],
    [
      byName('relu1'),
      ['error override-of-unquantizable-layer 3'],
      ['error override-of-unquantizable-layer 3'],
      'Layers that can be quantized: conv1',
    ],
    [
      byName('pool1'),
      ['error override-of-unquantizable-layer 3'],
      ['error override-of-unquantizable-layer 3'],
      'Layers that can be quantized: conv1',
    ],
    [
      byName('aux'),
      ['error override-of-unquantizable-layer 3'],
      ['error override-of-unquantizable-layer 3'],
      'Layers that can be quantized: conv1',
    ],
    [byType('InnerProduct'), [], [], ''],
    [byType('Deconvolution'), ['info type-not-in-net 3'], ['info type-not-in-net 3'], ''],
    [byType('DepthwiseConvolution'), ['info type-not-in-net 3'], ['error override-of-unquantizable-type 3'], ''],
    [
      byType('ReLU'),
      ['error override-of-unquantizable-type 3'],
      ['error override-of-unquantizable-type 3'],
      'types that are quantized',
    ],
    [
      byType('Eltwise'),
      ['error override-of-unquantizable-type 3'],
      ['error override-of-unquantizable-type 3'],
      'types that are quantized',
    ],
    [byType('Convolutoin'), ['error unknown-type 3'], ['error unknown-type 3'], 'did you mean `Convolution`?'],
    [byType('innerproduct'), ['error unknown-type 3'], ['error unknown-type 3'], 'did you mean `InnerProduct`?'],
    [byName('ip1') + byName('ip1'), ['error overridden-twice 3'], ['error overridden-twice 3'], 'merge the two'],
    [
      byType('Pooling') + byType('Pooling'),
      ['error overridden-twice 3'],
      ['error overridden-twice 3'],
      'merge the two',
    ],
    ['skip_layers: ["ip1", "ip1"]', ['warning skipped-twice 3'], ['warning skipped-twice 3'], 'remove one'],
    [
      'skip_layers: "ip1" ' + byName('ip1'),
      ['error skipped-and-overridden 3'],
      [],
      'with compat amct the override wins',
    ],
    [
      'quant_skip_types: "Pooling" ' + byType('Pooling'),
      ['info skip-by-type 3', 'error skipped-and-overridden 3'],
      ['info skip-by-type 3'],
      '',
    ],
  ])('%s', (line, documented, amct, hint) => {
    const net =
      LENET +
      layer('aux', 'InnerProduct', 'pool1', 'aux', 'inner_product_param { num_output: 1 } include { phase: TRAIN }');
    for (const [compat, expected] of [
      ['documented', documented],
      ['amct', amct],
    ] as const) {
      const { diagnostics } = resolve(net, GOOD + line, compat);
      const said = diagnostics.filter(({ code }) => !QUIET.has(code));
      expect(said.map(summaryOf)).toEqual(expected);
      if (hint && said.length > 0) expect(said.map((diagnostic) => diagnostic.hint).join()).toContain(hint);
    }
  });
});

describe('messages', () => {
  const message = (cfg: string) => resolve(LENET, GOOD + cfg).diagnostics.find(({ severity }) => severity === 'error');

  it('name the net and its file', () => {
    expect(message('skip_layers: "conv9"')).toMatchObject({
      message: 'skip_layers names `conv9`, which is not a layer of LeNet (net.prototxt)',
      file: 'quant.cfg',
      line: 3,
      column: 14,
      layer: 'conv9',
    });
  });

  it('show both lines of a contradiction', () => {
    expect(message(`skip_layers: "ip1"\n${byName('ip1')}`)).toMatchObject({
      message:
        'the layer `ip1` is skipped by skip_layers (quant.cfg:3) and overridden by override_layer_configs (quant.cfg:4)',
      line: 4,
      layer: 'ip1',
    });
    expect(message(`skip_layer_types: "Pooling"\n${byType('Pooling')}`)).toMatchObject({
      message:
        'the type `Pooling` is skipped by skip_layer_types (quant.cfg:3) and overridden by override_layer_types (quant.cfg:4)',
    });
  });

  it('say why a layer cannot be quantized', () => {
    expect(message(byName('pool1'))).toMatchObject({
      message:
        'override_layer_configs names a layer that cannot be quantized: MAX pooling is not quantized; AVE pooling is',
    });
  });

  it('come all at once', () => {
    const cfg =
      'skip_layers: "a"\nskip_layer_types: "B"\noverride_layer_configs { layer_name: "c" }\noverride_layer_types { layer_type: "D" }\nfoo: 1';
    const { diagnostics } = resolve(LENET, GOOD + cfg);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ line }) => line).sort()).toEqual([3, 4, 5, 6, 7]);
  });
});
