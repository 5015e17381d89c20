import { descriptor as caffe, type Messages } from '../generated/caffe.ts';
import { dialects } from '../generated/dialects.ts';
import { DIALECTS, dialectSchema } from './dialect-schema.ts';
import { chooseDialect } from './choose-dialect.ts';

const layerNumber = (dialect: (typeof DIALECTS)[number], field: string) =>
  dialectSchema(dialect, 'LayerParameter').fields.get(field)?.number;

test('every table is a dialect', () => {
  expect(new Set(DIALECTS)).toEqual(new Set(['bvlc', ...Object.keys(dialects)]));
});

test.each(DIALECTS)('%s: no number of a message is used twice', (dialect) => {
  for (const name of Object.keys(caffe.nested?.['caffe']?.nested ?? {})) {
    if (name === 'Phase') continue;
    const fields = [...dialectSchema(dialect, name as 'NetParameter').fields.values()];
    expect(fields.length).toBe(new Set(fields.map(({ number }) => number)).size);
  }
});

test.each([
  ['detection_output_param', { ssd: 204, amct: 150, bvlc: 500150 }],
  ['clip_param', { bvlc: 148, amct: 300000, nvidia: 500148 }],
  ['recurrent_param', { bvlc: 146, nvidia: 151, lstm: 134 }],
  ['forward_type', { nvidia: 145, bvlc: undefined }],
  ['convolution_param', { bvlc: 106, ssd: 106, nvidia: 106, lstm: 106 }],
  ['retrain_data_quant_param', { amct: 200004, bvlc: 700004 }],
])('%s has the numbers of each fork', (field, numbers) => {
  for (const [dialect, number] of Object.entries(numbers)) expect(layerNumber(dialect as 'bvlc', field)).toBe(number);
});

test.each(DIALECTS)("%s: what BVLC's messages have as a list is one", (dialect) => {
  const lists = (name: keyof Messages, by: typeof dialect) =>
    [...dialectSchema(by, name).fields]
      .filter(([, { cardinality }]) => cardinality === 'repeated')
      .map(([field]) => field);
  for (const name of Object.keys(caffe.nested?.['caffe']?.nested ?? {}) as (keyof Messages)[]) {
    if (caffe.nested?.['caffe']?.nested?.[name]?.values) continue;
    expect(lists(name, dialect)).toEqual(expect.arrayContaining(lists(name, 'bvlc')));
  }
});

test('a fork may give an enum value another number', () => {
  const modes = (dialect: 'bvlc' | 'intel') => {
    const field = dialectSchema(dialect, 'LossParameter').fields.get('normalization');
    return field?.kind === 'enum' ? field.enum.values.get('NONE') : undefined;
  };
  expect([modes('bvlc'), modes('intel')]).toEqual([3, 4]);
});

describe('the dialect of a binary file', () => {
  test.each([
    ['plain layers', [{ type: 'Convolution', numbers: [1, 2, 106] }], 'bvlc'],
    [
      'SSD',
      [
        { type: 'PriorBox', numbers: [203] },
        { type: 'DetectionOutput', numbers: [204] },
      ],
      'ssd',
    ],
    ["AMCT's training layers", [{ type: 'ActivationQAT', numbers: [200004] }], 'amct'],
    [
      "AMCT's deploy layers",
      [
        { type: 'Quant', numbers: [208] },
        { type: 'DeQuant', numbers: [200000] },
      ],
      'amct',
    ],
    ['Ristretto', [{ type: 'ConvolutionRistretto', numbers: [106, 149] }], 'ristretto'],
    [
      'numbers that suit no type',
      [
        { type: 'Data', numbers: [152] },
        { type: 'Convolution', numbers: [106, 151, 152] },
      ],
      'bvlc',
    ],
    [
      "NVIDIA's numbers in every layer",
      [
        { type: 'Convolution', numbers: [106, 145, 146, 147, 148] },
        { type: 'Permute', numbers: [145, 202] },
      ],
      'nvidia',
    ],
  ] as const)('%s', (_, layers, dialect) => {
    expect(chooseDialect(layers)).toBe(dialect);
  });
});
