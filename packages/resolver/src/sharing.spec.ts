import { parseRetrainConfig } from '@caffe-quant/config';
import { resolvePlan } from './resolve-plan.ts';
import { netOf } from './testing/net-of.ts';
import { DATA, layer } from './testing/nets.ts';
import { resolve } from './testing/resolve.ts';

const CFG =
  'retrain_data_quant_config { ulq_quantize { } }\nretrain_weight_quant_config { arq_retrain { channel_wise: true } }\n';
const conv = (name: string, bottom = 'data', param = '') =>
  layer(name, 'Convolution', bottom, name, `${param} convolution_param { num_output: 1 kernel_size: 1 }`);
const ip = (name: string, param = '', more = '') =>
  layer(name, 'InnerProduct', 'data', name, `${param} inner_product_param { num_output: 1 ${more} }`);
const clip = (name: string, range: number) =>
  `override_layer_configs { layer_name: "${name}" retrain_data_quant_config { ulq_quantize { clip_max_min { clip_max: ${range} clip_min: -${range} } } } }\n`;

describe('one data quantizer for the consumers of a blob with equal settings', () => {
  const quantizers = (net: string, cfg: string) =>
    resolve(net, cfg).plan.quantizers.map(({ name, blob, layers }) => `${name} on ${blob}: ${layers.join(' ')}`);
  it.each<[what: string, net: string, cfg: string, expected: string[]]>([
    ['two consumers', DATA + conv('a') + conv('b'), CFG, ['a on data: a b']],
    [
      'three, one with another range',
      DATA + conv('a') + conv('b') + conv('c'),
      CFG + clip('b', 3),
      ['a on data: a c', 'b on data: b'],
    ],
    [
      'equal ranges from different lines',
      DATA + conv('a') + conv('b'),
      CFG + clip('a', 3) + clip('b', 3),
      ['a on data: a b'],
    ],
    [
      'another fixed_min',
      DATA + conv('a') + conv('b'),
      `${CFG}override_layer_configs { layer_name: "b" retrain_data_quant_config { ulq_quantize { fixed_min: true } } }`,
      ['a on data: a', 'b on data: b'],
    ],
    ['weight settings do not matter', DATA + conv('a') + ip('b'), CFG, ['a on data: a b']],
    ['a skipped consumer has none', DATA + conv('a') + conv('b'), `${CFG}skip_layers: "a"`, ['b on data: b']],
    [
      'a blob before and after a write in place',
      DATA + conv('a') + layer('relu', 'ReLU', 'data', 'data') + conv('b'),
      CFG,
      ['a on data: a', 'b on data@1: b'],
    ],
  ])('%s', (_, net, cfg, expected) => expect(quantizers(net, cfg)).toEqual(expected));

  it('each layer names its quantizer', () => {
    const { plan } = resolve(DATA + conv('a') + conv('b'), CFG);
    expect(plan.layers.map(({ data }) => data?.quantizer)).toEqual([undefined, 'a', 'a']);
    expect(plan.quantizers[0]).toMatchObject({ fixedMin: false, decayMult: 0 });
    expect(plan.quantizers[0]).not.toHaveProperty('lrMult');
  });
});

describe('layers that share their weights', () => {
  const w = 'param { name: "w" }';
  const errors = (net: string, cfg: string) =>
    resolve(net, cfg).diagnostics.filter(({ severity }) => severity === 'error');
  const NO_CHANNELS = CFG.replace('true', 'false');
  it.each<[what: string, net: string, cfg: string, legal: boolean]>([
    ['equal settings', DATA + conv('a', 'data', w) + conv('b', 'data', w), CFG, true],
    ['different data settings', DATA + conv('a', 'data', w) + conv('b', 'data', w), CFG + clip('b', 3), true],
    [
      'both skipped',
      DATA + conv('a', 'data', w) + conv('b', 'data', w) + conv('c'),
      `${CFG}skip_layers: ["a", "b"]`,
      true,
    ],
    ['one skipped', DATA + conv('a', 'data', w) + conv('b', 'data', w), `${CFG}skip_layers: "b"`, false],
    [
      'different channel_wise',
      DATA + conv('a', 'data', w) + conv('b', 'data', w),
      `${CFG}override_layer_configs { layer_name: "b" retrain_weight_quant_config { arq_retrain { channel_wise: false } } }`,
      false,
    ],
    ['one cannot be quantized', DATA + ip('a', w) + ip('b', w, 'transpose: true'), NO_CHANNELS, false],
    [
      'output channels on different axes',
      DATA +
        conv('a', 'data', w) +
        layer('b', 'Deconvolution', 'data', 'b', `${w} convolution_param { num_output: 1 kernel_size: 1 }`),
      CFG,
      false,
    ],
    [
      'the same, one scale for the tensor',
      DATA +
        conv('a', 'data', w) +
        layer('b', 'Deconvolution', 'data', 'b', `${w} convolution_param { num_output: 1 kernel_size: 1 }`),
      NO_CHANNELS,
      true,
    ],
    [
      'only the bias is shared',
      DATA +
        conv('a', 'data', 'param { } param { name: "bias" }') +
        conv('b', 'data', 'param { } param { name: "bias" }') +
        conv('c'),
      `${CFG}skip_layers: "b"`,
      true,
    ],
    [
      'names that are empty',
      DATA + conv('a', 'data', 'param { name: "" }') + conv('b', 'data', 'param { name: "" }'),
      `${CFG}skip_layers: "b"`,
      true,
    ],
  ])('%s', (_, net, cfg, legal) => {
    expect(errors(net, cfg).map(({ code }) => code)).toEqual(legal ? [] : ['shared-weights-differ']);
  });

  it('the error names both layers with their lines', () => {
    const [error] = errors(DATA + conv('a', 'data', w) + conv('b', 'data', w), `${CFG}skip_layers: "b"`);
    expect(error).toMatchObject({ file: 'net.prototxt', line: 3, layer: 'b' });
    expect(error?.message).toContain(
      'its weights `w` are shared with `a` (line 2), but it is not quantized and `a` is quantized with one scale per output channel',
    );
    expect(error?.hint).toBe('give `a` and `b` the same weight settings, or add both to skip_layers');
  });

  it('what cannot be quantized leaves one way out', () => {
    const tied = ['enc', 'dec'].map((name) =>
      layer(
        name,
        'InnerProduct',
        'data',
        name,
        `${w} inner_product_param { num_output: 1 transpose: ${name === 'dec'} }`,
      ),
    );
    const [error] = errors(DATA + tied.join(''), CFG);
    expect(error?.hint).toMatch(/^`dec` cannot be quantized \(.*transpose.*\): add `enc` to skip_layers$/);
  });
});

describe('layers of one form of the net', () => {
  const net =
    DATA + conv('a') + ip('aux', 'include { phase: TRAIN }') + ip('extra', 'include { phase: TEST }') + ip('b');
  it('keep their place, with the reason', () => {
    expect(resolve(net, CFG.replace('true', 'false')).lines).toEqual([
      'data: - Data layers are not quantized',
      'a: IFMR per tensor',
      'aux: - it is not in the TEST net, so it is gone after training',
      'extra: - it is not in the TRAIN net, so nothing can be learned for it',
      'b: IFMR per tensor',
    ]);
  });

  it('two layers of one name cannot both be quantized', () => {
    const errors = resolve(
      DATA + conv('a') + layer('a', 'Convolution', 'data', 'b', 'convolution_param { num_output: 1 kernel_size: 1 }'),
      CFG,
    ).diagnostics;
    expect(errors).toMatchObject([{ code: 'layer-name-twice', severity: 'error', line: 3, layer: 'a' }]);
  });

  it.each([
    ['', []],
    ['skip_layers: "b"', []],
    ['skip_layers: "a"', ['layer-name-twice']],
    ['override_layer_configs { layer_name: "a" }', ['layer-name-twice']],
  ])('two that were written with one name and have two now can, unless the config names them: %j', (more, codes) => {
    const { config } = parseRetrainConfig(`${CFG}${more}`, 'quant.cfg');
    const train = netOf(DATA + conv('a') + conv('a_2') + conv('b'), 'TRAIN');
    const { diagnostics } = resolvePlan({
      train,
      config,
      compat: 'documented',
      writtenNames: new Map([['a_2', 'a']]),
    });
    expect(diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toEqual(codes);
  });
});
