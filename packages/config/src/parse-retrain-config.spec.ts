import fc from 'fast-check';
import { parseRetrainConfig } from './index.ts';
import type { RetrainConfig } from './index.ts';

const read = (text: string) => parseRetrainConfig(text, 'quant.cfg');
const clean = (text: string): RetrainConfig => {
  const { config, diagnostics } = read(text);
  expect(diagnostics).toEqual([]);
  return config;
};

/** The documented sample, as AMCT prints it. */
const SAMPLE = `# global quantize parameter
retrain_data_quant_config: { ulq_quantize: { clip_max_min: { clip_max: 6.0 clip_min: -6.0 } } }
retrain_weight_quant_config: { arq_retrain: { channel_wise: true } }
skip_layers: "conv_1"
override_layer_types : { layer_type: "InnerProduct" retrain_weight_quant_config: { arq_retrain: { channel_wise: false } } }
override_layer_configs : { layer_name: "fc_5" retrain_weight_quant_config: { arq_retrain: { channel_wise: false } } }
`;

const at = (line: number, column: number) => ({ file: 'quant.cfg', line, column });

describe('the documented sample', () => {
  const config = read(SAMPLE).config;

  it('parses without a word', () => {
    expect(read(SAMPLE).diagnostics).toEqual([]);
  });

  it('has a global clip range and channel_wise', () => {
    expect(config.data?.clip).toEqual({
      ...at(2, 46),
      max: { value: 6, ...at(2, 72) },
      min: { value: -6, ...at(2, 86) },
    });
    expect(config.weight).toEqual({ ...at(3, 1), channelWise: { value: true, ...at(3, 61) } });
  });

  it('skips conv_1', () => {
    expect(config.skipLayers).toEqual([{ field: 'skip_layers', value: 'conv_1', ...at(4, 14) }]);
  });

  it('overrides the weight half of InnerProduct and fc_5, and leaves their data half out', () => {
    expect(config.typeOverrides).toEqual([
      {
        ...at(5, 1),
        target: { value: 'InnerProduct', ...at(5, 38) },
        weight: { ...at(5, 53), channelWise: { value: false, ...at(5, 113) } },
      },
    ]);
    expect(config.layerOverrides).toEqual([
      {
        ...at(6, 1),
        target: { value: 'fc_5', ...at(6, 40) },
        weight: { ...at(6, 47), channelWise: { value: false, ...at(6, 107) } },
      },
    ]);
  });
});

describe('what the text format allows', () => {
  const clip = (text: string) => {
    const { clip } = clean(`retrain_data_quant_config ${text}`).data ?? {};
    return clip && [clip.max.value, clip.min.value];
  };
  it.each([
    ['no colon before a brace', '{ ulq_quantize { clip_max_min { clip_max: 6 clip_min: -6 } } }', [6, -6]],
    ['angle brackets', '< ulq_quantize < clip_max_min < clip_max: 6 clip_min: -6 > > >', [6, -6]],
    ['commas and semicolons', '{ ulq_quantize { clip_max_min { clip_max: 6; clip_min: -6, } } }', [6, -6]],
    ['comments', '{ ulq_quantize { # here\n clip_max_min { clip_max: 6 # top\n clip_min: -6 } } }', [6, -6]],
    [
      'float suffixes and exponents',
      '{ ulq_quantize { clip_max_min { clip_max: 6f clip_min: -6e-1 } } }',
      [6, Math.fround(-0.6)],
    ],
    [
      'values are float32',
      '{ ulq_quantize { clip_max_min { clip_max: 0.6 clip_min: -0.6 } } }',
      [0.6000000238418579, -0.6000000238418579],
    ],
    [
      'a clip_min of 0, which fixed_min decides about',
      '{ ulq_quantize { clip_max_min { clip_max: 6 clip_min: -0.0 } } }',
      [6, 0],
    ],
    ['no clip range at all', '{ ulq_quantize { } }', undefined],
  ])('%s', (_, text, expected) => expect(clip(text)).toEqual(expected));

  it.each([
    ['true', true],
    ['True', true],
    ['t', true],
    ['1', true],
    ['false', false],
    ['False', false],
    ['f', false],
    ['0', false],
  ])('fixed_min: %s', (text, expected) => {
    expect(clean(`retrain_data_quant_config { ulq_quantize { fixed_min: ${text} } }`).data?.fixedMin?.value).toBe(
      expected,
    );
  });

  it('takes lists by repetition and in brackets, in the order of the file', () => {
    const { skipLayers, skipTypes } = clean(
      'quant_skip_layers: "d"\nskip_layers: ["a", "b"]\nskip_layers: "c"\nskip_layer_types: "Pooling"\nquant_skip_types: "InnerProduct"',
    );
    expect(skipLayers.map(({ field, value }) => `${field} ${value}`)).toEqual([
      'quant_skip_layers d',
      'skip_layers a',
      'skip_layers b',
      'skip_layers c',
    ]);
    expect(skipTypes.map(({ field, value }) => `${field} ${value}`)).toEqual([
      'skip_layer_types Pooling',
      'quant_skip_types InnerProduct',
    ]);
  });

  it('is empty where the file is', () => {
    expect(clean('# nothing\n')).toEqual({
      format: 'cfg',
      file: 'quant.cfg',
      skipLayers: [],
      skipTypes: [],
      layerOverrides: [],
      typeOverrides: [],
    });
  });

  it('reads batch_num with its place', () => {
    expect(clean('\n  batch_num: 4').batchNum).toEqual({ value: 4, ...at(2, 14) });
  });

  it('merges what is given twice, as AMCT does: last scalar, blocks field by field', () => {
    const { config, diagnostics } = read(
      'retrain_data_quant_config { ulq_quantize { fixed_min: true } }\n' +
        'retrain_data_quant_config { ulq_quantize { clip_max_min { clip_max: 2 clip_min: -2 } } }\n' +
        'batch_num: 2\nbatch_num: 3\n',
    );
    expect(config.data?.fixedMin?.value).toBe(true);
    expect(config.data?.clip?.max.value).toBe(2);
    expect(config.batchNum?.value).toBe(3);
    expect(diagnostics.map(({ severity, code, line }) => [severity, code, line])).toEqual([
      ['warning', 'duplicate-field', 2],
      ['warning', 'duplicate-field', 2],
      ['warning', 'duplicate-field', 4],
    ]);
  });
});

const data = (text: string) => `retrain_data_quant_config { ulq_quantize { ${text} } }`;
const clip = (max: string, min: string) => data(`clip_max_min { clip_max: ${max} clip_min: ${min} }`);

describe('what is wrong without looking at the net', () => {
  it.each<[text: string, severity: string, code: string, message: string]>([
    [clip('0', '-6'), 'error', 'clip-max-not-positive', 'clip_max should be larger than 0, but is 0'],
    [clip('-1', '-6'), 'error', 'clip-max-not-positive', 'clip_max should be larger than 0, but is -1'],
    [clip('1e-60', '-6'), 'error', 'clip-max-not-positive', 'clip_max should be larger than 0, but is 0'],
    [clip('6', '2'), 'error', 'clip-min-not-negative', 'clip_min should be less than 0, but is 2'],
    [clip('6', 'nan'), 'error', 'clip-not-finite', 'clip_min is NaN; it should be a finite float32'],
    [clip('inf', '-6'), 'error', 'clip-not-finite', 'clip_max is Infinity; it should be a finite float32'],
    [clip('3e38', '-3e38'), 'error', 'clip-not-finite', 'has no float32 scale'],
    [clip('1e-44', '-1e-44'), 'error', 'clip-not-finite', 'has no float32 scale'],
    [data('clip_max_min { clip_max: 6 }'), 'error', 'clip-incomplete', 'ClipMaxMin needs `clip_min`'],
    [data('clip_max_min { clip_min: -6 }'), 'error', 'clip-incomplete', 'ClipMaxMin needs `clip_max`'],
    [data('clip_max_min: 6'), 'error', 'wrong-type', 'is a message'],
    [data('fixed_min: maybe'), 'error', 'wrong-type', 'expected true or false, got `maybe`'],
    [data('fixed_max: true'), 'error', 'unknown-field', 'unknown field `fixed_max` in ULQuantize'],
    ['batch_num: 0', 'error', 'batch-num-not-positive', 'batch_num should be greater than 0, but is 0'],
    ['batch_num: -1', 'error', 'out-of-range', '-1'],
    ['batch_num: 1.5', 'error', 'wrong-type', '1.5'],
    ['skip_layers: conv1', 'error', 'wrong-type', 'conv1'],
    ['skip_layers: "a" skip_layers: "a"', 'warning', 'skipped-twice', 'skip_layers names `a` twice, first on line 1'],
    ['skip_layer_types: ["Pooling", "Pooling"]', 'warning', 'skipped-twice', 'skip_layer_types names `Pooling` twice'],
    [
      'override_layer_configs { layer_name: "a" }',
      'warning',
      'override-says-nothing',
      'for `a` gives neither a data half nor a weight half',
    ],
    [
      'override_layer_types { layer_type: "Pooling" }',
      'warning',
      'override-says-nothing',
      'for `Pooling` gives neither',
    ],
    ['override_layer_configs { }', 'error', 'missing-field', 'RetrainOverrideLayer needs `layer_name`'],
    ['retrain_data_quant_config { }', 'warning', 'no-algorithm', 'chooses no algorithm; ulq_quantize'],
    ['retrain_weight_quant_config { }', 'warning', 'no-algorithm', 'chooses no algorithm; arq_retrain'],
    ['batch_num: 1 }', 'error', 'unexpected-closing', '}'],
  ])('%s', (text, severity, code, message) => {
    const [first, ...others] = read(text).diagnostics;
    expect(others).toEqual([]);
    expect(first).toMatchObject({ severity, code, file: 'quant.cfg', line: 1 });
    expect(first?.message).toContain(message);
    expect(first?.column).toBeGreaterThan(0);
  });

  it.each(['override_layer_configs { layer_name: "a"', 'override_layer_types { layer_type: "a"'])(
    '%s } twice',
    (override) => {
      const entry = `${override} ${data('fixed_min: true')} }\n`;
      const { diagnostics } = read(entry + entry + entry);
      expect(diagnostics).toMatchObject([
        {
          code: 'overridden-twice',
          severity: 'error',
          line: 2,
          message: expect.stringContaining('`a` twice, first on line 1'),
        },
        {
          code: 'overridden-twice',
          severity: 'error',
          line: 3,
          message: expect.stringContaining('`a` twice, first on line 1'),
        },
      ]);
    },
  );

  it('a name in both skip lists is said twice, not wrong', () => {
    expect(read('skip_layers: "a" quant_skip_layers: "a"').diagnostics).toEqual([]);
  });

  it('reports all problems at once, in the order of the file', () => {
    const { diagnostics } = read(`batch_num: 0\nfoo: 1\n${clip('-1', '1')}\nskip_layers: 3\n}`);
    expect(diagnostics.map(({ line, code }) => `${line} ${code}`)).toEqual([
      '1 batch-num-not-positive',
      '2 unknown-field',
      '3 clip-max-not-positive',
      '3 clip-min-not-negative',
      '4 wrong-type',
      '5 unexpected-closing',
    ]);
  });

  it('offers the field that was meant', () => {
    expect(read('skip_layer: "a"').diagnostics[0]?.hint).toBe('did you mean `skip_layers`?');
  });
});

describe('whatever is in the file', () => {
  const words = [
    'retrain_data_quant_config',
    'ulq_quantize',
    'clip_max_min',
    'clip_max',
    ':',
    '{',
    '}',
    '[',
    ']',
    '"a"',
    '-',
    '6',
    'skip_layers',
    'true',
    '\n',
    '#',
  ];

  it('never throws, and places every problem inside the file', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(fc.constantFrom(...words)).map((w) => w.join(' ')),
        ),
        (text) => {
          const lines = text.split('\n').length;
          for (const { line } of read(text).diagnostics) expect(line ?? 1).toBeLessThanOrEqual(lines);
        },
      ),
      { numRuns: 500 },
    );
  });
});
