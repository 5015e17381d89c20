import { exportModels } from '../export-models.ts';
import { lenetExport } from '../testing/lenet.ts';
import { textOf } from '../testing/run-exported.ts';
import { formatRecord, readRecord } from './scale-offset-record.ts';

const TYPES = new Map([
  ['conv1', 'Convolution'],
  ['ip1', 'InnerProduct'],
  ['pool5', 'Pooling'],
  ['relu1', 'ReLU'],
]);

const record = (key: string, fields: string): string => `record {\n  key: "${key}"\n  value {\n${fields}\n  }\n}\n`;
const SIZE = 'channels: 3 height: 8 width: 8';
const CONV = `scale_d: 0.0142 offset_d: -128 scale_w: 0.0058 scale_w: 0.01 offset_w: 0 offset_w: 0 ${SIZE}`;
const IP = `scale_d: 0.0142 offset_d: 3 scale_w: 0.0058 offset_w: 0 ${SIZE}`;
const POOL = `scale_d: 0.5 offset_d: 127 ${SIZE}`;

const codes = (text: string, types: ReadonlyMap<string, string> | undefined = TYPES) =>
  readRecord(text, 'record.txt', types).diagnostics.map(({ code, line, message }) => `${code} ${line}: ${message}`);

describe('the record of an export', () => {
  const exported = exportModels(lenetExport());
  const text = textOf(exported, 'lenet_scale_offset_record.txt');

  test('reads back as the same float32 values', () => {
    const { layers, diagnostics, record: whole } = readRecord(text, 'record.txt');
    expect(diagnostics).toEqual([]);
    expect([...layers.keys()]).toEqual(['conv1', 'conv2', 'ip1', 'ip2']);
    for (const { name, data, weights } of exported.layers) {
      const [, channels = 1, height = 1, width = 1] = data.shape;
      expect(layers.get(name)).toEqual({
        scale_d: data.grid.scale,
        offset_d: data.grid.zeroPoint,
        scale_w: [...weights!.scales],
        offset_w: [...weights!.scales].map(() => 0),
        shift_bit: [],
        channels,
        height,
        width,
      });
    }
    expect(formatRecord(whole)).toBe(text);
  });

  test('looks as AMCT writes it', () => {
    expect(text.slice(text.indexOf('record {\n  key: "ip2"'))).toMatch(
      /^record \{\n {2}key: "ip2"\n {2}value \{\n {4}scale_d: [\d.e-]+\n {4}offset_d: -128\n {4}scale_w: [\d.e-]+\n {4}offset_w: 0\n {4}channels: 64\n {4}height: 1\n {4}width: 1\n {2}\}\n\}\n$/,
    );
  });
});

describe('a record is checked', () => {
  test.each([
    ['a convolution', record('conv1', CONV)],
    ['an InnerProduct', record('ip1', IP)],
    ['average pooling without weights', record('pool5', POOL)],
    ['shifts of old chips', record('conv1', `${CONV} shift_bit: 1 shift_bit: 16`)],
    ['no shifts', record('conv1', `${CONV} shift_bit: 0 shift_bit: 0`)],
  ])('%s is right', (_name, text) => {
    expect(codes(text)).toEqual([]);
  });

  test.each([
    [
      'no scale_d',
      record('ip1', IP.replace('scale_d: 0.0142', '')),
      ['record-missing 3: the record of layer "ip1" has no scale_d'],
    ],
    [
      'no offset_d',
      record('ip1', IP.replace('offset_d: 3', '')),
      ['record-missing 3: the record of layer "ip1" has no offset_d'],
    ],
    [
      'no scale_w',
      record('ip1', `scale_d: 1 offset_d: 0 ${SIZE}`),
      ['record-missing 3: the record of layer "ip1" has no scale_w'],
    ],
    [
      'no size',
      record('ip1', IP.replace('height: 8', '')),
      [`record-missing 3: the record of layer "ip1" has no height, the size of the layer's input`],
    ],
    [
      'scale 0',
      record('ip1', IP.replace('0.0142', '0')),
      [
        'record-scale 4: the record of layer "ip1" has scale_d 0, which is not a scale: it must lie between 1.2e-7 and 8.4e6',
      ],
    ],
    [
      'an infinite scale',
      record('ip1', IP.replace('0.0058', 'inf')),
      [
        'record-scale 4: the record of layer "ip1" has scale_w Infinity, which is not a scale: it must lie between 1.2e-7 and 8.4e6',
      ],
    ],
    [
      'offset 128',
      record('ip1', IP.replace('offset_d: 3', 'offset_d: 128')),
      ['record-offset 4: the record of layer "ip1" has offset_d 128, outside [-128, 127]'],
    ],
    [
      'an offset of weights',
      record('ip1', IP.replace('offset_w: 0', 'offset_w: 1')),
      ['record-offset 4: the record of layer "ip1" has offset_w 1: weights have offset 0'],
    ],
    [
      'unequal lengths',
      record('conv1', CONV.replace('offset_w: 0 ', '')),
      ['record-length 4: the record of layer "conv1" has 2 scale_w and 1 offset_w: they go in pairs'],
    ],
    [
      'two scales of an InnerProduct',
      record('ip1', CONV),
      ['record-length 4: the record of layer "ip1" has 2 scale_w, but InnerProduct takes one'],
    ],
    [
      'weights of pooling',
      record('pool5', IP),
      [
        'record-pooling 4: the record of layer "pool5" has scale_w, but average pooling has no weights',
        'record-pooling 4: the record of layer "pool5" has offset_w, but average pooling has no weights',
      ],
    ],
    [
      'mixed shifts',
      record('conv1', `${CONV} shift_bit: 0 shift_bit: 1`),
      ['record-shift 4: the record of layer "conv1" has shift_bit values that are neither all 0 nor all in [1, 16]'],
    ],
    ['a layer that the net has not', record('cov1', CONV), ['record-layer 3: the net has no layer "cov1"']],
    [
      'a layer of another type',
      record('relu1', IP),
      ['record-type 3: the record of layer "relu1" is of type ReLU, which is not quantized'],
    ],
    [
      'two records of a layer',
      record('ip1', IP) + record('ip1', IP),
      ['record-duplicate 9: layer "ip1" has several records: the last one counts'],
    ],
    ['a record without a key', 'record { }\n', ['record-missing 1: a record needs a key and a value']],
    ['a text that is not a record', 'recrod { }\n', ['unknown-field 1: unknown field `recrod` in ScaleOffsetRecord']],
  ])('%s', (_name, text, expected) => {
    expect(codes(text)).toEqual(expected);
  });

  test('without the net, rules by type are not asked', () => {
    expect(readRecord(record('anything', POOL), 'record.txt').diagnostics).toEqual([]);
  });

  test('of a value given twice the last counts, with a warning', () => {
    const { layers, diagnostics } = readRecord(record('ip1', `${IP} scale_d: 0.5`), 'record.txt', TYPES);
    expect(layers.get('ip1')!.scale_d).toBe(0.5);
    expect(diagnostics.map(({ severity }) => severity)).toEqual(['warning']);
  });
});
