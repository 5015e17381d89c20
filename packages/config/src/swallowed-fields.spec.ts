import { parseRetrainConfig } from './index.ts';

const SAMPLE = `# global quantize parameter
retrain_data_quant_config: { ulq_quantize: { clip_max_min: { clip_max: 6.0 clip_min: -6.0 } } }
retrain_weight_quant_config: { arq_retrain: { channel_wise: true } }
# skip layers
skip_layers: "conv_1"
`;

const problems = (text: string) =>
  parseRetrainConfig(text, 'quant.cfg').diagnostics.map(({ code, severity, line, column, message }) => [
    `${severity} ${code} ${line}:${column}`,
    message,
  ]);

test('the documented sample without its line breaks is one comment', () => {
  expect(problems(SAMPLE.replaceAll('\n', ' '))).toEqual([
    [
      'error swallowed-field 1:29',
      'the config is one comment, from `retrain_data_quant_config` on too: it has lost its line breaks, and nothing of it counts',
    ],
  ]);
});

test('without its first comment, the fields before the second one are read', () => {
  const [first, ...rest] = SAMPLE.split('\n');
  expect(first).toMatch(/^#/);
  expect(problems(`${rest.join(' ')}\n`)).toEqual([
    [
      'error swallowed-field 1:180',
      expect.stringMatching(/^the rest of the config is a comment, from `skip_layers` on/),
    ],
  ]);
});

test('in a config of several lines, a field behind the words of a comment is told', () => {
  const [head, ...rest] = SAMPLE.split('\n');
  expect(problems(`${head}\n${rest.slice(0, 2).join('\n')}\n${rest.slice(2).join(' ')}`)).toEqual([
    ['warning swallowed-field 4:15', '`skip_layers` stands in a comment, and does not count'],
  ]);
});

test.each([
  ['the sample as it is', SAMPLE],
  ['a field that is commented out', `${SAMPLE}# skip_layer_types: "Pooling"\n#override_layer_types {\n`],
  ['words about a field', `${SAMPLE}# skip_layers names layers; retrain_data_quant_config holds for all others\n`],
  ['a # in a name', 'skip_layers: "a # b batch_num: 1"\n'],
])('%s is not told', (_, text) => expect(problems(text)).toEqual([]));
