import { parseRetrainConfig } from './index.ts';

const read = (text: string) => parseRetrainConfig(text, 'retrain.json');

const LAYER =
  '"conv1":{"retrain_enable":true,"retrain_data_config":{"algo":"ulq_quantize","clip_max":6.0,"clip_min":-6.0,"fixed_min":false},"retrain_weight_config":{"algo":"arq_retrain","channel_wise":true}}';

describe("AMCT's JSON config", () => {
  it('is recognised by its brace', () => {
    const { config, diagnostics } = read(`{"version":1,"batch_num":2,${LAYER}}`);
    expect(diagnostics).toEqual([]);
    expect(config).toMatchObject({
      format: 'json',
      batchNum: { value: 2, line: 1, column: 26 },
      layerOverrides: [
        {
          target: { value: 'conv1' },
          enabled: { value: true },
          data: { clip: { max: { value: 6 }, min: { value: -6 } }, fixedMin: { value: false } },
          weight: { channelWise: { value: true } },
        },
      ],
    });
  });

  it('may leave out all of a layer but its name', () => {
    const { config, diagnostics } = read('{"version":1,"conv1":{}}');
    expect(diagnostics).toEqual([]);
    expect(config.layerOverrides).toEqual([
      {
        file: 'retrain.json',
        line: 1,
        column: 14,
        target: { value: 'conv1', file: 'retrain.json', line: 1, column: 14 },
      },
    ]);
  });

  it('gives float32 values', () => {
    const { config } = read(
      '{"version":1,"a":{"retrain_data_config":{"clip_max":0.6,"clip_min":-0.6000000238418579}}}',
    );
    const clip = config.layerOverrides[0]?.data?.clip;
    expect([clip?.max.value, clip?.min.value]).toEqual([0.6000000238418579, -0.6000000238418579]);
  });

  it('takes escaped names and a byte order mark', () => {
    const { config, diagnostics } = read('\ufeff{"version":1,"conv\\u0031":{}}');
    expect(diagnostics).toEqual([]);
    expect(config.layerOverrides[0]?.target.value).toBe('conv1');
  });
});

const layer = (text: string) => `{"version":1,\n"conv1":{${text}}}`;
const data = (text: string) => layer(`"retrain_data_config":{${text}}`);
const weight = (text: string) => layer(`"retrain_weight_config":{${text}}`);

describe('what is wrong', () => {
  it.each<[text: string, code: string, line: number, message: string]>([
    ['{"conv1":{}}', 'no-version', 1, 'the config has no version'],
    ['{"version":2}', 'wrong-version', 1, 'version should be 1, but is 2'],
    ['{"version":"1"}', 'wrong-version', 1, 'version should be 1, but is "1"'],
    ['{"version":1.0}', 'wrong-version', 1, 'version should be 1'],
    ['{"version":1,\n"batch_num":0}', 'batch-num-not-positive', 2, 'batch_num should be greater than 0, but is 0'],
    ['{"version":1,\n"batch_num":-1}', 'batch-num-not-positive', 2, 'but is -1'],
    ['{"version":1,\n"batch_num":1.5}', 'wrong-type', 2, 'batch_num should be an integer'],
    ['{"version":1,\n"batch_num":true}', 'wrong-type', 2, 'batch_num should be an integer, but is a boolean'],
    ['{"version":1,\n"conv1":true}', 'wrong-type', 2, '`conv1` should be the settings of a layer'],
    ['{"version":1,\n"conv1":{},"conv1":{}}', 'duplicate-key', 2, 'the key `conv1` is given twice, first on line 2'],
    [
      layer('"retrain_enable":1'),
      'wrong-type',
      2,
      'retrain_enable of layer `conv1` should be true or false, but is the integer 1',
    ],
    [layer('"retrain_enabled":true'), 'unknown-key', 2, 'unknown key `retrain_enabled` in layer `conv1`'],
    [layer('"retrain_data_config":[]'), 'wrong-type', 2, 'should be an object, but is an array'],
    [layer('"regular_prune_enable":true'), 'later-edition-field', 2, 'pruning'],
    [data('"algo":"ulq"'), 'unknown-algorithm', 2, 'algo of layer `conv1` should be "ulq_quantize", but is "ulq"'],
    [
      data('"clip_max":6,"clip_min":-6.0'),
      'wrong-type',
      2,
      'clip_max of layer `conv1` should be a float, but is the integer 6',
    ],
    [data('"clip_max":6.0'), 'clip-incomplete', 2, 'gives clip_max without clip_min'],
    [data('"clip_min":-6.0'), 'clip-incomplete', 2, 'gives clip_min without clip_max'],
    [data('"clip_max":0.0,"clip_min":-6.0'), 'clip-max-not-positive', 2, 'clip_max should be larger than 0'],
    [data('"clip_max":6.0,"clip_min":1.0'), 'clip-min-not-negative', 2, 'clip_min should be less than 0'],
    [data('"fixed_min":"yes"'), 'wrong-type', 2, 'fixed_min of layer `conv1` should be true or false, but is a string'],
    [data('"clip":1.0'), 'unknown-key', 2, 'unknown key `clip` in retrain_data_config of layer `conv1`'],
    [data('"dst_type":"INT4"'), 'later-edition-field', 2, 'INT8 only'],
    [data('"num_bits":12'), 'later-edition-field', 2, '8 bits only'],
    [weight('"dst_type":"INT4"'), 'later-edition-field', 2, '`dst_type: INT4` chooses'],
    [weight('"num_bits":4'), 'later-edition-field', 2, '`num_bits: 4` chooses'],
    [weight('"algo":"ulq_retrain"'), 'later-edition-field', 2, 'PyTorch edition'],
    [weight('"algo":"arq"'), 'unknown-algorithm', 2, 'should be "arq_retrain"'],
    [weight('"channel_wise":null'), 'wrong-type', 2, 'should be true or false, but is null'],
    ['{"version":1\n"conv1":{}}', 'no-json', 2, 'expected `,`, got `"conv1"`'],
    ['{"version":1,\n}', 'no-json', 2, 'expected a key in double quotes, got `}`'],
    ["{'version':1}", 'no-json', 1, "got `'version':1}`"],
    ['{"version":1', 'no-json', 1, 'expected `,`, got the end of the file'],
    ['{"version":1}\n{}', 'no-json', 2, 'expected the end of the file'],
    ['{"version":01}', 'no-json', 1, 'got `1`'],
    ['{"version":NaN}', 'no-json', 1, 'expected a value'],
  ])('%s', (text, code, line, message) => {
    const [first, ...others] = read(text).diagnostics;
    expect(others).toEqual([]);
    expect(first).toMatchObject({ severity: 'error', code, line });
    expect(first?.message).toContain(message);
  });

  it.each([
    [data('"dst_type":"INT8"'), 'remove `dst_type`'],
    [data('"num_bits":8'), 'remove `num_bits`'],
  ])('%s is what happens anyhow', (text, hint) => {
    expect(read(text).diagnostics).toMatchObject([{ severity: 'warning', code: 'later-edition-field', hint }]);
  });

  it('all of it at once', () => {
    const codes = read('{"version":2,"a":{"retrain_enable":0},"b":3}').diagnostics.map(({ code }) => code);
    expect(codes).toEqual(['wrong-version', 'wrong-type', 'wrong-type']);
  });
});
