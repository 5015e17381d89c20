import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Diagnostic, DiagnosticsError } from 'caffe-prototxt-parser';
import type { Blob } from '../blob/blob.ts';
import { createMessage } from '../caffe-schema.ts';
import { dialectSchema } from '../dialects/dialect-schema.ts';
import type { LayerParameter, NetParameter, V1LayerParameter } from '../generated/caffe.ts';
import { encodeMessage } from '../wire/encode-message.ts';
import { unknownFieldsOf } from '../wire/unknown-fields.ts';
import type { Caffemodel } from './caffemodel.ts';
import { readCaffemodel, readCaffemodelFile } from './read-caffemodel.ts';
import { caffemodelChunks, writeCaffemodel, writeCaffemodelFile } from './write-caffemodel.ts';

const blob = (shape: number[], ...numbers: number[]): Blob => ({ shape, data: Float32Array.from(numbers) });

const CONVOLUTION = createMessage('LayerParameter', {
  name: 'conv1',
  type: 'Convolution',
  bottom: ['data'],
  top: ['conv1'],
  convolution_param: createMessage('ConvolutionParameter', { num_output: 2, kernel_size: [1] }),
});
const MODEL = {
  name: 'small',
  layers: [
    { name: 'data', type: 'Input', blobs: [] },
    { name: 'conv1', type: 'Convolution', blobs: [blob([2, 1, 1, 1], 1.5, -2), blob([2], 0, 3)], param: CONVOLUTION },
    { name: 'ip', type: 'InnerProduct', blobs: [blob([1, 2], 7, 8)] },
  ],
};

/** A net as Caffe would write it, text-like: for what our writer does not write. */
function encoded(net: Partial<NetParameter>, dialect: 'bvlc' | 'ssd' | 'amct' = 'bvlc'): Uint8Array {
  const message = createMessage('NetParameter', net);
  return Buffer.concat(encodeMessage(message, dialectSchema(dialect, 'NetParameter')).chunks());
}

function summary({ layers }: Caffemodel) {
  return layers.map(({ name, type, blobs }) => [name, type, ...blobs.map(({ shape, data }) => [shape, [...data]])]);
}

function failure(run: () => unknown): Diagnostic {
  try {
    run();
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    expect(error.diagnostics).toHaveLength(1);
    return error.diagnostics[0]!;
  }
  throw new Error('it did not fail');
}

describe('write and read', () => {
  test('a model comes back as it was', () => {
    const model = readCaffemodel(writeCaffemodel(MODEL), 'm.caffemodel');
    expect(model.name).toBe('small');
    expect(summary(model)).toEqual([
      ['data', 'Input'],
      [
        'conv1',
        'Convolution',
        [
          [2, 1, 1, 1],
          [1.5, -2],
        ],
        [[2], [0, 3]],
      ],
      [
        'ip',
        'InnerProduct',
        [
          [1, 2],
          [7, 8],
        ],
      ],
    ]);
    expect(model.layers[1]?.param).toEqual(CONVOLUTION);
    expect(writeCaffemodel(model)).toEqual(writeCaffemodel(MODEL));
  });

  test('through files it is the same', () => {
    const folder = mkdtempSync(join(tmpdir(), 'caffemodel-'));
    try {
      const path = join(folder, 'm.caffemodel');
      writeCaffemodelFile(path, MODEL);
      expect(readCaffemodelFile(path)).toEqual(readCaffemodel(writeCaffemodel(MODEL), path));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('the numbers are not copied into the chunks', () => {
    const data = new Float32Array(1000);
    const chunks = caffemodelChunks({ layers: [{ name: 'l', type: 'ip', blobs: [{ shape: [1000], data }] }] });
    expect(chunks.filter(({ buffer }) => buffer === data.buffer)).toHaveLength(1);
  });

  test('names and numbers of any kind survive', () => {
    const layers = fc.array(
      fc.record({
        name: fc.string({ unit: 'grapheme' }),
        type: fc.constantFrom('Convolution', 'Python', ''),
        blobs: fc.array(fc.float32Array({ maxLength: 200 }).map((data) => ({ shape: [data.length], data }))),
      }),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(layers, (written) => {
        const { layers: read } = readCaffemodel(writeCaffemodel({ layers: written }), 'f');
        expect(read.map(({ name, type, blobs }) => ({ name, type, blobs }))).toEqual(written);
      }),
    );
  });
});

describe('older forms', () => {
  const bytes = Float32Array.of(4);
  const blobProto = createMessage('BlobProto', { num: 1, channels: 1, height: 1, width: 1, data: [...bytes] });

  test('layers of 2014 get the names of today, with their blobs', () => {
    const layers: V1LayerParameter[] = [
      createMessage('V1LayerParameter', { name: 'conv1', type: 'CONVOLUTION', blobs: [blobProto], blobs_lr: [1, 2] }),
      createMessage('V1LayerParameter', { name: 'loss', type: 'SOFTMAX_LOSS' }),
    ];
    const model = readCaffemodel(encoded({ layers }), 'f');
    expect(summary(model)).toEqual([
      ['conv1', 'Convolution', [[1, 1, 1, 1], [4]]],
      ['loss', 'SoftmaxWithLoss'],
    ]);
    expect(model.layers[0]?.param.param).toEqual([{ lr_mult: 1 }, { lr_mult: 2 }]);
    expect(summary(readCaffemodel(writeCaffemodel(model), 'f'))).toEqual(summary(model));
  });

  test('layers of 2013 keep theirs as well, and padding layers go', () => {
    const layers: V1LayerParameter[] = [
      createMessage('V1LayerParameter', {
        layer: createMessage('V0LayerParameter', { name: 'pad1', type: 'padding', pad: 2 }),
        bottom: ['data'],
        top: ['pad1'],
      }),
      createMessage('V1LayerParameter', {
        layer: createMessage('V0LayerParameter', { name: 'conv1', type: 'conv', kernelsize: 5, blobs: [blobProto] }),
        bottom: ['pad1'],
        top: ['conv1'],
      }),
    ];
    const model = readCaffemodel(encoded({ layers, input: ['data'], input_dim: [1, 3, 8, 8] }), 'f');
    expect(summary(model)).toEqual([
      ['input', 'Input'],
      ['conv1', 'Convolution', [[1, 1, 1, 1], [4]]],
    ]);
    expect(model.layers[1]?.param).toMatchObject({
      bottom: ['data'],
      convolution_param: { pad: [2], kernel_size: [5] },
    });
  });

  test('a blob whose numbers do not match its shape is a warning', () => {
    const odd = createMessage('BlobProto', { shape: createMessage('BlobShape', { dim: [2, 3] }), data: [1, 2] });
    const layer = [createMessage('LayerParameter', { name: 'fc', blobs: [odd] })];
    expect(readCaffemodel(encoded({ layer }), 'f').diagnostics).toEqual([
      {
        code: 'blob-size',
        severity: 'warning',
        file: 'f',
        layer: 'fc',
        message: 'blob 0 of layer "fc" has 2 numbers, its shape [2, 3] takes 6',
      },
    ]);
  });
});

describe('dialects', () => {
  const DETECTION: Partial<LayerParameter> = {
    name: 'out',
    type: 'DetectionOutput',
    detection_output_param: createMessage('DetectionOutputParameter', { num_classes: 21, keep_top_k: 200 }),
  };

  test.each(['ssd', 'amct'] as const)('the fields of %s are told by the types of the layers', (dialect) => {
    const bytes = encoded({ layer: [createMessage('LayerParameter', DETECTION)] }, dialect);
    const model = readCaffemodel(bytes, 'f');
    expect(model.dialect).toBe(dialect);
    expect(model.layers[0]?.param).toMatchObject(DETECTION);
    expect(Buffer.from(writeCaffemodel(model)).equals(bytes)).toBe(true);
  });

  test('the user may say it', () => {
    const bytes = encoded({ layer: [createMessage('LayerParameter', DETECTION)] }, 'ssd');
    const { dialect, layers } = readCaffemodel(bytes, 'f', { dialect: 'bvlc' });
    expect(dialect).toBe('bvlc');
    expect(unknownFieldsOf(layers[0]!.param).length).toBeGreaterThan(0);
    expect(Buffer.from(writeCaffemodel({ layers, dialect })).equals(bytes)).toBe(true);
  });

  test("AMCT's own layers are written under its numbers", () => {
    const qat = createMessage('LayerParameter', { retrain_data_quant_param: { clip_max: 6 } });
    const clip = createMessage('LayerParameter', { clip_param: { min: 0, max: 6 } });
    const written = writeCaffemodel({
      layers: [
        { name: 'q', type: 'ActivationQAT', blobs: [], param: qat },
        { name: 'c', type: 'Clip', blobs: [], param: clip },
      ],
    });
    const { dialect, layers } = readCaffemodel(written, 'f');
    expect(dialect).toBe('amct');
    expect(layers[0]?.param).toMatchObject({ retrain_data_quant_param: { clip_max: 6 } });
    expect(layers[1]?.param).toMatchObject({ clip_param: { min: 0, max: 6 } });
    expect(readCaffemodel(written, 'f', { dialect: 'bvlc' }).layers[1]?.param.clip_param).toBeUndefined();
  });
});

describe('files that are not caffemodels', () => {
  const text = (content: string) => Buffer.from(content, 'latin1');
  test.each([
    ['nothing', text(''), 'the file is empty', 'copy or download it again'],
    [
      'a Git LFS pointer',
      text(`version https://git-lfs.github.com/spec/v1\noid sha256:${'0a'.repeat(32)}\nsize 1724938\n`),
      'this is a Git LFS pointer to a file of 1724938 bytes, not the file itself',
      'run `git lfs pull`',
    ],
    [
      'HDF5',
      text('\x89HDF\r\n\x1a\n\0\0\0\0'),
      'this is an HDF5 file, not a caffemodel',
      expect.stringContaining('BINARYPROTO'),
    ],
    ['a web page', text('\n<!DOCTYPE html><html>'), 'this is a web page, not a caffemodel', expect.any(String)],
    ['gzip', text('\x1f\x8b\x08\0'), 'this is a gzip archive, not a caffemodel', 'unpack it first'],
    [
      'a prototxt',
      text('name: "LeNet"\nlayer {\n}\n'),
      'this is text, perhaps a prototxt, not a caffemodel',
      expect.any(String),
    ],
    [
      'a solver state',
      Uint8Array.of(0x08, 10, 0x12, 1, 0x61),
      expect.stringContaining('this is not a caffemodel'),
      expect.stringContaining('.solverstate'),
    ],
    [
      'noise',
      Uint8Array.of(0xff, 1, 2, 3),
      expect.stringContaining('this is not a caffemodel (byte 0: '),
      expect.any(String),
    ],
    [
      'a net without layers',
      encoded({ name: 'n' }),
      'this is not a caffemodel (it holds no layers)',
      expect.any(String),
    ],
  ])('%s', (_, bytes, message, hint) => {
    const diagnostic = failure(() => readCaffemodel(bytes, 'weights.caffemodel'));
    expect(diagnostic).toMatchObject({ severity: 'error', file: 'weights.caffemodel', message, hint });
  });

  test('a file that is not there', () => {
    expect(failure(() => readCaffemodelFile('/no/such.caffemodel'))).toMatchObject({
      code: 'unreadable-file',
      file: '/no/such.caffemodel',
      message: 'there is no such file',
    });
  });

  test('a folder', () => {
    expect(failure(() => readCaffemodelFile(tmpdir())).code).toBe('unreadable-file');
  });
});

describe('broken caffemodels', () => {
  const whole = writeCaffemodel(MODEL);

  test('one that ends early names the layer and what is missing', () => {
    expect(failure(() => readCaffemodel(whole.subarray(0, 70), 'm'))).toEqual({
      code: 'truncated-caffemodel',
      severity: 'error',
      file: 'm',
      layer: 'conv1',
      message: 'the caffemodel ends at byte 70, inside layer "conv1"; 33 bytes are missing there',
      hint: 'the copy or download was cut off: repeat it (the 1 layers before it are sound)',
    });
  });

  test('a broken blob names its offset, number and layer', () => {
    const broken = Uint8Array.from(whole);
    const at = Buffer.from(broken).indexOf(Buffer.from(Float32Array.of(1.5, -2).buffer)) - 1;
    broken[at] = 7;
    const { code, message } = failure(() => readCaffemodel(broken, 'm'));
    expect(code).toBe('broken-caffemodel');
    expect(message).toMatch(/^the caffemodel is broken at byte \d+, in blob 0 of layer "conv1": /);
  });

  test('every prefix and every mutation ends in a model or a diagnostic', () => {
    const read = (bytes: Uint8Array) => {
      try {
        readCaffemodel(bytes, 'm');
      } catch (error) {
        expect(error).toBeInstanceOf(DiagnosticsError);
      }
    };
    for (let length = 0; length < whole.length; length++) read(whole.subarray(0, length));
    const mutations = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(mutations, (changes) => {
        const mutated = Uint8Array.from(whole);
        for (const [at, byte] of changes) mutated[at] = byte;
        read(mutated);
      }),
      { numRuns: 2000 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), read), { numRuns: 1000 });
  });
});
