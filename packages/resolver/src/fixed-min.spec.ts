import { DATA, layer } from './testing/nets.ts';
import { resolve, summaryOf } from './testing/resolve.ts';

const conv = (bottom: string) =>
  layer('x', 'Convolution', bottom, 'x', 'convolution_param { num_output: 1 kernel_size: 1 }');
const relu = (bottom: string, top: string, rest = '') => layer('relu', 'ReLU', bottom, top, rest);
const pool = (bottom: string, method = 'MAX') =>
  layer('pool', 'Pooling', bottom, 'pool', `pooling_param { pool: ${method} kernel_size: 2 }`);
const cfgOf = (ulq: string) =>
  `retrain_data_quant_config { ulq_quantize { ${ulq} } } retrain_weight_quant_config { arq_retrain { channel_wise: true } }`;
const GIVEN_RANGE = 'clip_max_min { clip_max: 6 clip_min: -6 }';

describe('fixed_min where the config does not give it', () => {
  it.each<[input: string, net: string, fixedMin: boolean, hint: boolean]>([
    ['the data', DATA + conv('data'), false, false],
    ['a ReLU', DATA + relu('data', 'r') + conv('r'), true, false],
    ['a ReLU in place', DATA + relu('data', 'data') + conv('data'), true, false],
    [
      'a ReLU with slope 0',
      DATA + relu('data', 'data', 'relu_param { negative_slope: 0 }') + conv('data'),
      true,
      false,
    ],
    ['a leaky ReLU', DATA + relu('data', 'data', 'relu_param { negative_slope: 0.1 }') + conv('data'), false, false],
    ['a PReLU', DATA + layer('relu', 'PReLU', 'data', 'data') + conv('data'), false, false],
    ['a ReLU6', DATA + layer('relu', 'ReLU6', 'data', 'data') + conv('data'), false, true],
    [
      'a leaky ReLU6',
      DATA + layer('relu', 'ReLU6', 'data', 'data', 'relu6_param { negative_slope: 0.1 }') + conv('data'),
      false,
      false,
    ],
    ['the blob before the ReLU', DATA + relu('data', 'r') + conv('data'), false, false],
    [
      'the last in-place writer counts: Dropout after ReLU',
      DATA + relu('data', 'data') + layer('drop', 'Dropout', 'data', 'data') + conv('data'),
      false,
      true,
    ],
    [
      'the last in-place writer counts: Scale after ReLU',
      DATA + relu('data', 'data') + layer('scale', 'Scale', 'data', 'data') + conv('data'),
      false,
      false,
    ],
    [
      'the last in-place writer counts: ReLU after Dropout',
      DATA + layer('drop', 'Dropout', 'data', 'data') + relu('data', 'data') + conv('data'),
      true,
      false,
    ],
    ['ReLU through MAX pooling', DATA + relu('data', 'data') + pool('data') + conv('pool'), false, true],
    ['ReLU through AVE pooling', DATA + relu('data', 'data') + pool('data', 'AVE') + conv('pool'), false, true],
    ['pooling, then ReLU', DATA + pool('data') + relu('pool', 'pool') + conv('pool'), true, false],
    [
      'ReLU through Flatten',
      DATA + relu('data', 'data') + layer('flat', 'Flatten', 'data', 'flat') + conv('flat'),
      false,
      true,
    ],
    [
      'Concat of two ReLUs',
      DATA +
        relu('data', 'a') +
        layer('relu2', 'ReLU', 'data', 'b') +
        layer('cat', 'Concat', 'a b', 'cat') +
        conv('cat'),
      false,
      true,
    ],
    [
      'Concat of a ReLU and the data',
      DATA + relu('data', 'a') + layer('cat', 'Concat', 'a data', 'cat') + conv('cat'),
      false,
      false,
    ],
    ['sum of two ReLUs', DATA + relu('data', 'a') + layer('sum', 'Eltwise', 'a a', 'sum') + conv('sum'), false, false],
  ])('%s', (_, net, fixedMin, hint) => {
    const { plan, diagnostics } = resolve(net, cfgOf(GIVEN_RANGE));
    const x = plan.layers.find(({ name }) => name === 'x');
    expect(x?.data?.fixedMin).toBe(fixedMin);
    expect(x?.data?.sources.fixedMin.level).toBe('default');
    expect(diagnostics.some(({ code }) => code === 'fixed-min-possible')).toBe(hint);
    // The lower end that calibration finds is 0 there already: following the hint would change nothing.
    const measured = resolve(net, cfgOf(''));
    expect(measured.plan.layers.find(({ name }) => name === 'x')?.data?.fixedMin).toBe(fixedMin);
    expect(measured.diagnostics.filter(({ code }) => code.startsWith('fixed-min'))).toEqual([]);
  });
});

describe('fixed_min given by hand', () => {
  const given = (value: boolean, range = '') => cfgOf(`fixed_min: ${value} ${range}`);
  const afterRelu = DATA + relu('data', 'data') + conv('data');
  it.each<[net: string, value: boolean, finding: string[], range: string]>([
    [afterRelu, true, [], ''],
    [afterRelu, false, [], ''],
    [afterRelu, false, ['info fixed-min-wasted 1'], GIVEN_RANGE],
    [DATA + conv('data'), false, [], ''],
    [DATA + conv('data'), true, ['warning fixed-min-cuts 1'], ''],
    [DATA + relu('data', 'data') + pool('data') + conv('pool'), true, [], ''],
    [DATA + relu('data', 'data') + pool('data') + conv('pool'), false, [], ''],
    [DATA + relu('data', 'data') + pool('data') + conv('pool'), false, ['info fixed-min-wasted 1'], GIVEN_RANGE],
  ])('wins over the input: %s %s', (net, value, finding, range) => {
    const { plan, diagnostics } = resolve(net, given(value, range));
    const x = plan.layers.find(({ name }) => name === 'x');
    expect(x?.data?.fixedMin).toBe(value);
    expect(x?.data?.sources.fixedMin).toEqual({ level: 'global', file: 'quant.cfg', line: 1 });
    expect(diagnostics.map(summaryOf)).toEqual(finding);
  });
});

describe('clip_min and fixed_min', () => {
  const clip = (min: string, more = '') =>
    `retrain_weight_quant_config { arq_retrain { channel_wise: true } }\nretrain_data_quant_config { ulq_quantize { clip_max_min { clip_max: 6 clip_min: ${min} } ${more} } }`;
  const afterRelu = DATA + relu('data', 'data') + conv('data');
  it.each<[what: string, net: string, cfg: string, compat: 'documented' | 'amct', finding: string[]]>([
    [
      'a clip_min that fixed_min overrides is reported',
      afterRelu,
      clip('-6'),
      'documented',
      ['info clip-min-overridden 2'],
    ],
    ['so it is with AMCT', afterRelu, clip('-6'), 'amct', ['info clip-min-overridden 2']],
    ['not where fixed_min is false', DATA + conv('data'), clip('-6'), 'documented', []],
    ['0 is fine where fixed_min is true by itself', afterRelu, clip('0'), 'documented', []],
    [
      '0 is fine where fixed_min is true by hand',
      DATA + conv('data'),
      clip('0', 'fixed_min: true'),
      'documented',
      ['warning fixed-min-cuts 2'],
    ],
    [
      '0 is wrong where fixed_min is false',
      DATA + conv('data'),
      clip('0'),
      'documented',
      ['error clip-min-not-negative 2'],
    ],
    [
      '0 is wrong where fixed_min is false by hand',
      afterRelu,
      clip('0', 'fixed_min: false'),
      'documented',
      ['error clip-min-not-negative 2', 'info fixed-min-wasted 2'],
    ],
    ['0 is wrong for AMCT in any case', afterRelu, clip('0'), 'amct', ['error clip-min-not-negative 2']],
    ['above 0 is wrong in any case', afterRelu, clip('1'), 'documented', ['error clip-min-not-negative 2']],
  ])('%s', (_, net, cfg, compat, finding) => {
    expect(resolve(net, cfg, compat).diagnostics.map(summaryOf)).toEqual(finding);
  });

  it('the plan keeps clip_min as it is written: training sets it to 0', () => {
    const { lines, plan } = resolve(afterRelu, clip('-6'));
    expect(lines.at(-1)).toBe('x: [-6, 6] from 0 per channel');
    expect(plan.layers.at(-1)?.data?.sources.clip.note).toBe('fixed_min overrides clip_min -6');
  });
});
