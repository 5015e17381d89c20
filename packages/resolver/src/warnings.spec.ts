import { DATA, LENET, layer } from './testing/nets.ts';
import { resolve, summaryOf } from './testing/resolve.ts';

const data = 'retrain_data_quant_config { ulq_quantize { clip_max_min { clip_max: 6 clip_min: -6 } } }';
const weight = (channelWise: boolean) => `retrain_weight_quant_config { arq_retrain { channel_wise: ${channelWise} } }`;
const both = (channelWise: boolean) => `${data} ${weight(channelWise)}`;
const lenet = (cfg: string, compat: 'documented' | 'amct' = 'documented') => resolve(LENET, cfg, compat);

describe('channel_wise: true where it is not possible', () => {
  it('InnerProduct: per tensor with a warning that names the layers', () => {
    const { diagnostics, lines } = lenet(both(true));
    expect(lines).toContain('ip1: [-6, 6] per tensor');
    const warning = diagnostics.find(({ code }) => code === 'channel-wise-not-possible');
    expect(warning).toMatchObject({ severity: 'warning', file: 'quant.cfg', line: 1 });
    expect(warning?.message).toContain('reaches the InnerProduct ip1 (line 7), ip2 (line 9)');
    expect(warning?.hint).toContain('override_layer_types { layer_type: "InnerProduct"');
  });

  it('AVE Pooling: ignored, said in passing', () => {
    const { diagnostics } = lenet(both(true));
    expect(diagnostics.filter(({ layer }) => layer === 'pool2').map(summaryOf)).toEqual([
      'info channel-wise-without-weights 1',
    ]);
  });

  it('AMCT: an error for either, with the fix', () => {
    const errors = lenet(both(true), 'amct').diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'channel-wise-not-possible: channel_wise: true reaches the Pooling pool2 (line 6), which cannot be quantized per channel',
      'channel-wise-not-possible: channel_wise: true reaches the InnerProduct ip1 (line 7), ip2 (line 9), which cannot be quantized per channel',
    ]);
    expect(errors[1]?.hint).toContain('channel_wise: false');
  });

  it('AMCT: even for layers that are skipped', () => {
    const cfg = `${both(true)} skip_layers: ["pool2", "ip1", "ip2"]`;
    expect(lenet(cfg).diagnostics).toEqual([]);
    expect(lenet(cfg, 'amct').diagnostics.map(summaryOf)).toEqual([
      'error channel-wise-not-possible 1',
      'error channel-wise-not-possible 1',
    ]);
  });
});

describe('values that nobody gave', () => {
  it.each<[what: string, cfg: string, expected: string[]]>([
    ['nothing at all', '', ['warning no-data-half -', 'warning no-weight-half -']],
    ['no data half', weight(false), ['warning no-data-half -']],
    ['no weight half', data, ['warning no-weight-half -']],
    ['no channel_wise', `${data}\nretrain_weight_quant_config { arq_retrain { } }`, ['warning no-channel-wise 2']],
    [
      'no global half where every layer has its own',
      ['Convolution', 'InnerProduct', 'Pooling']
        .map((type) => `override_layer_types { layer_type: "${type}" ${both(false)} }`)
        .join('\n'),
      [],
    ],
  ])('%s', (_, cfg, expected) => {
    const said = lenet(cfg).diagnostics.filter(({ code }) => code !== 'clip-min-overridden');
    expect(said.map(summaryOf)).toEqual(expected);
  });

  it('the warning names the layers and what becomes of them', () => {
    expect(lenet(data).diagnostics.find(({ code }) => code === 'no-weight-half')?.message).toBe(
      'no retrain_weight_quant_config applies to conv1 (line 3), conv2 (line 5), ip1 (line 7), ip2 (line 9): ' +
        "channel_wise is the type's default (true for convolutions, false for InnerProduct)",
    );
  });
});

describe('where the two readings differ', () => {
  const halves = {
    weight: weight(false),
    data: 'retrain_data_quant_config { ulq_quantize { clip_max_min { clip_max: 3 clip_min: -3 } } }',
  };
  const name = (half: string) => `override_layer_configs { layer_name: "conv2" ${half} }`;
  const type = (half: string) => `override_layer_types { layer_type: "Convolution" ${half} }`;
  it.each<[cfg: string, layers: string, documented: string, amct: string]>([
    [
      name(halves.weight),
      'conv2',
      'clip range [-6, 6] here, IFMR with AMCT itself',
      'clip range IFMR here, [-6, 6] by the documented rules',
    ],
    [
      name(halves.data),
      'conv2',
      'channel_wise false here, true with AMCT itself',
      'channel_wise true here, false by the documented rules',
    ],
    [
      name(''),
      'conv2',
      'clip range [-6, 6] here, IFMR with AMCT itself; channel_wise false here, true with AMCT itself',
      'clip range IFMR here, [-6, 6] by the documented rules; channel_wise true here, false by the documented rules',
    ],
    [name(halves.data + halves.weight), '', '', ''],
    [
      type(halves.weight),
      'conv1 conv2',
      'clip range [-6, 6] here, IFMR with AMCT itself',
      'clip range IFMR here, [-6, 6] by the documented rules',
    ],
    [
      `skip_layers: "conv2" ${type(halves.data + halves.weight)}`,
      'conv2',
      'skipped here, quantized with AMCT itself',
      'quantized here, skipped by the documented rules',
    ],
    [`skip_layer_types: "Convolution" ${name(halves.data + halves.weight)}`, '', '', ''],
  ])('%s', (line, layers, documented, amct) => {
    const cfg = `${both(false)}\n${line}`;
    for (const [compat, text] of [
      ['documented', documented],
      ['amct', amct],
    ] as const) {
      const { diagnostics, plan } = lenet(cfg, compat);
      const differing = diagnostics.filter(({ code }) => code === 'compat-differs');
      expect(differing.map(({ layer }) => layer).join(' ')).toBe(layers);
      expect(new Set(differing.map(({ message }) => message))).toEqual(new Set(layers === '' ? [] : [text]));
      for (const diagnostic of differing)
        expect(diagnostic).toMatchObject({ severity: 'warning', file: 'quant.cfg', line: 2 });
      expect(
        plan.layers
          .filter(({ compatDiffers }) => compatDiffers === text)
          .map((plan) => plan.name)
          .join(' '),
      ).toBe(layers);
    }
  });

  it.each([
    ['by name', `skip_layers: "conv2" ${name(halves.data + halves.weight)}`, 'conv2'],
    ['by type', `skip_layer_types: "Convolution" ${type(halves.data + halves.weight)}`, 'conv1 conv2'],
  ])('a contradiction %s is an error here, and a warning with AMCT', (_, cfg, layers) => {
    const differing = lenet(`${both(false)} ${cfg}`, 'amct').diagnostics.filter(
      ({ code }) => code === 'compat-differs',
    );
    expect(differing.map(({ layer }) => layer).join(' ')).toBe(layers);
    expect(differing[0]?.message).toBe('quantized here, an error: both skipped and overridden by the documented rules');
  });

  it('a DepthwiseConvolution is quantized here and unknown to AMCT', () => {
    const net =
      DATA +
      layer('dw', 'DepthwiseConvolution', 'data', 'dw', 'convolution_param { num_output: 2 kernel_size: 3 group: 2 }') +
      layer('conv', 'Convolution', 'dw', 'conv', 'convolution_param { num_output: 2 kernel_size: 3 }');
    const documented = resolve(net, both(true));
    expect(documented.lines.slice(1)).toEqual(['dw: [-6, 6] per channel', 'conv: [-6, 6] per channel']);
    expect(documented.diagnostics.map(summaryOf)).toEqual(['warning compat-differs 2']);
    const amct = resolve(net, both(true), 'amct');
    expect(amct.lines[1]).toContain('dw: - AMCT does not know the type DepthwiseConvolution');
    expect(amct.diagnostics.map(summaryOf)).toEqual(['warning compat-differs 2']);
  });
});

describe('nothing to do', () => {
  it.each<[what: string, net: string, cfg: string, code: string, message: string]>([
    [
      'every layer skipped',
      LENET,
      `${both(false)} skip_layer_types: ["Convolution", "InnerProduct", "Pooling"]`,
      'nothing-quantized',
      'conv1 (skip_layer_types names its type Convolution',
    ],
    [
      'no layer that can be',
      DATA +
        layer('pool1', 'Pooling', 'data', 'pool1', 'pooling_param { kernel_size: 2 }') +
        layer('relu1', 'ReLU', 'data', 'relu1'),
      both(false),
      'no-quantizable-layer',
      'no layer that can be quantized: pool1: MAX pooling is not quantized',
    ],
  ])('%s', (_, net, cfg, code, message) => {
    const errors = resolve(net, cfg).diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.map((error) => error.code)).toEqual([code]);
    expect(errors[0]?.message).toContain(message);
  });
});
