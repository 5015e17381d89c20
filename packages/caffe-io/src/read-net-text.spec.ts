import { formatMessage, printText } from 'caffe-prototxt-parser';
import { dialectSchema } from './dialects/dialect-schema.ts';
import { readNetText } from './read-net-text.ts';
import { readSolverText } from './read-solver-text.ts';

describe('places in the file', () => {
  test('of a net of today', () => {
    const { net, locate } = readNetText('name: "n"\nlayer {\n  name: "ip"\n  bottom: "a" bottom: "b"\n}', 'f');
    const layer = net.layer[0]!;
    expect(locate(layer)).toEqual({ line: 2, column: 1 });
    expect(locate(layer, 'name')).toEqual({ line: 3, column: 3 });
    expect(locate(layer, 'bottom', 1)).toEqual({ line: 4, column: 23 });
  });

  test('of a net of 2014, where its old form stands', () => {
    const text =
      'layers {\n  type: CONVOLUTION\n  blobs_lr: 1\n  blobs_lr: 2\n  convolution_param {\n    num_output: 3\n  }\n}';
    const layer = readNetText(text, 'f');
    const [conv] = layer.net.layer;
    expect(layer.locate(conv!)?.line).toBe(1);
    expect(layer.locate(conv!, 'type')?.line).toBe(2);
    expect(layer.locate(conv!.param[1]!, 'lr_mult', 1)?.line).toBe(4);
    expect(layer.locate(conv!.convolution_param!, 'num_output')?.line).toBe(6);
  });

  test('of a net of 2013, where its old form stands', () => {
    const text = 'layers {\n  layer {\n    type: "conv"\n    kernelsize: 5\n  }\n  bottom: "data"\n}';
    const { net, locate } = readNetText(text, 'f');
    const [conv] = net.layer;
    expect(locate(conv!)?.line).toBe(1);
    expect(locate(conv!, 'bottom')?.line).toBe(6);
    expect(locate(conv!.convolution_param!, 'kernel_size', 0)?.line).toBe(4);
  });

  test('of an Input layer made of `input`', () => {
    const { net, locate } = readNetText('name: "n"\ninput: "data"\ninput_dim: 1', 'f');
    expect(locate(net.layer[0]!, 'top', 0)?.line).toBe(2);
  });
});

test('all problems of a file come at once, and the net holds what could be read', () => {
  const { net, diagnostics } = readNetText('layer { nam: "a" type: "ReLU" }\nlayer { type: 3 }\nlayer {', 'f.prototxt');
  expect(diagnostics.map(({ file, line, severity }) => [file, line, severity])).toEqual(
    expect.arrayContaining([
      ['f.prototxt', 1, 'error'],
      ['f.prototxt', 2, 'error'],
      ['f.prototxt', 3, 'error'],
    ]),
  );
  expect(net.layer[0]?.type).toBe('ReLU');
});

test('a Git LFS pointer is named, and nothing else said', () => {
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0a'.repeat(32)}\nsize 1738\n`;
  for (const { diagnostics } of [readNetText(pointer, 'f'), readSolverText(pointer, 'f')]) {
    expect(diagnostics).toEqual([
      expect.objectContaining({
        code: 'git-lfs-pointer',
        file: 'f',
        message: 'this is a Git LFS pointer to a file of 1738 bytes, not the file itself',
        hint: 'run `git lfs pull`',
      }),
    ]);
  }
});

test('the document is the file as it was', () => {
  const text = '# mine\nlayers{type:RELU};\r\n';
  expect(printText(readNetText(text, 'f').document)).toBe(text);
});

describe('dialects', () => {
  const VIDEO = 'layer { name: "v" type: "VideoData" video_data_param { video_file: "a.mp4" } }';

  test('are chosen by the names that the text uses', () => {
    expect(readNetText('layer { name: "a" type: "ReLU" }', 'f').dialect).toBe('bvlc');
    expect(readNetText('layer { name: "p" type: "Permute" permute_param { order: 0 } }', 'f').dialect).toBe('bvlc');
    expect(readNetText(VIDEO, 'f')).toMatchObject({ dialect: 'ssd', diagnostics: [] });
    expect(readNetText('default_forward_type: FLOAT16', 'f')).toMatchObject({ dialect: 'nvidia', diagnostics: [] });
  });

  test('may be given', () => {
    const { dialect, diagnostics } = readNetText(VIDEO, 'f', { dialect: 'bvlc' });
    expect(dialect).toBe('bvlc');
    expect(diagnostics).toEqual([expect.objectContaining({ code: 'unknown-field', line: 1 })]);
  });

  test('do not hide a misspelling', () => {
    const { dialect, diagnostics } = readNetText('layer { nmae: "a" }', 'f');
    expect(dialect).toBe('bvlc');
    expect(diagnostics).toEqual([expect.objectContaining({ hint: expect.stringContaining('name') })]);
  });
});

describe('solvers', () => {
  test.each([
    ['SGD', 'SGD'],
    ['NESTEROV', 'Nesterov'],
    ['ADAGRAD', 'AdaGrad'],
    ['RMSPROP', 'RMSProp'],
    ['ADADELTA', 'AdaDelta'],
    ['ADAM', 'Adam'],
    ['0', 'SGD'],
  ])('solver_type: %s is type: "%s"', (old, type) => {
    const { solver, diagnostics, locate } = readSolverText(`base_lr: 0.01\nsolver_type: ${old}`, 'f');
    expect(diagnostics).toEqual([]);
    expect(solver).toMatchObject({ type, base_lr: Math.fround(0.01) });
    expect(solver.solver_type).toBeUndefined();
    expect(locate(solver, 'type')?.line).toBe(2);
  });

  test('both are an error, as in Caffe', () => {
    const { diagnostics } = readSolverText('type: "Adam"\nsolver_type: SGD', 'f');
    expect(diagnostics).toEqual([expect.objectContaining({ code: 'solver-type', severity: 'error', line: 2 })]);
  });
});

test("Synopsys' pooling without the padding is read by the names of its fork, and written as it was given", () => {
  const text = 'layer { name: "p" type: "Pooling" pooling_param { pool: AVE_EXC_PAD kernel_size: 2 } }';
  const { net, dialect, diagnostics } = readNetText(text, 'synopsys.prototxt');
  expect({ dialect, diagnostics }).toEqual({ dialect: 'synopsys', diagnostics: [] });
  expect(formatMessage(net, dialectSchema(dialect, 'NetParameter'))).toContain('pool: AVE_EXC_PAD');
});

test("SegNet's Upsample is read by the names of its fork", () => {
  const text = 'layer { name: "up" type: "Upsample" upsample_param { scale_h: 2 scale_w: 3 pad_out_h: true } }';
  const { net, dialect, diagnostics } = readNetText(text, 'segnet.prototxt');
  expect({ dialect, diagnostics }).toEqual({ dialect: 'segnet', diagnostics: [] });
  expect(net.layer[0]?.upsample_param).toMatchObject({ scale_h: 2, scale_w: 3, pad_out_h: true });
});
