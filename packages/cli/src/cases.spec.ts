import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './testing/run.ts';

interface Case {
  /** Folder in `fixtures/cases`. */
  readonly name: string;
  /** Default: those of a net without a solver. */
  readonly args?: readonly string[];
  /** Texts that are printed, on either stream. */
  readonly prints?: readonly (string | RegExp)[];
  /** Texts that must not be there. */
  readonly never?: readonly (string | RegExp)[];
  /** Default 0. */
  readonly status?: number;
  /** The float net's loss, by its blob, is near 0: what it computes is what the case wants. */
  readonly floatLossNearZero?: boolean;
  /** Further checks of the delivered files. */
  readonly delivered?: (folder: string) => void | Promise<void>;
  /** Not right yet. */
  readonly pending?: true;
}

const WITHOUT_SOLVER = ['--mode', 'calibrate', '--net', 'net.prototxt'];

const CASES: readonly Case[] = [
  {
    name: 'dead-channel',
    prints: [
      /net\.prototxt:4: info: layer `conv1`: .* has 1 of 4 output channels without weights \(1\)/,
      /^post-training +33\.4/m,
      /^integer +33\.4/m,
      'output channels without weights, which give their bias alone\n  conv1: 1\n',
    ],
    delivered: (out) => {
      const report = readFileSync(join(out, 'case_report.html'), 'utf8');
      expect(report).toContain('channels without weights');
      expect(readFileSync(join(out, 'evaluation.json'), 'utf8')).toMatch(/"deadChannels": \[\s*1\s*\]/);
    },
  },
  {
    name: 'argmax-onnx',
    prints: ["ONNX: 'x' [batch, 1, 6, 6] agrees on 100.00 % (288 of 288)"],
  },
  {
    name: 'depthwise-type',
    prints: [/^integer +43\.9/m, /^dw .* x 3$/m, /net\.prototxt: info: written as Convolution .*: "dw"/],
    delivered: (out) => {
      for (const model of ['deploy_model', 'fake_quant_model', 'retrain_model', 'caffe_model']) {
        const text = readFileSync(join(out, `case_${model}.prototxt`), 'utf8');
        expect(text).not.toContain('DepthwiseConvolution');
        expect(text).toMatch(/"Convolution"[^]*group: 3/);
      }
      expect(readFileSync(join(out, 'case_scale_offset_record.txt'), 'utf8').match(/scale_w/g)).toHaveLength(3);
    },
  },
  {
    name: 'batch-fixed-needlessly',
    prints: ["ONNX: 'x' [batch, 4, 12, 12] agrees to"],
    never: ['batch size built in'],
  },
  {
    name: 'batch-one-doubled',
    prints: [/layer `rs`: the layer has the batch size built in[^]*dim: 0/, "ONNX: 'out' [1, 64, 8] agrees to"],
    delivered: (folder) => {
      const onnx = readFileSync(
        join(
          folder,
          readdirSync(folder).find((name) => name.endsWith('_int8.onnx'))!,
        ),
      );
      expect(['Conv', 'Concat'].map((operator) => onnx.includes(operator))).toEqual([true, false]);
    },
  },
  {
    // The second branch has the first's weights: quantized with the same scales, and their difference stays small.
    name: 'shared-weights-one-in-file',
    prints: [/^c_p .*0\.004649\.\.0\.005828 x 4$/m],
    never: ['warning', 'has no weights'],
  },
  {
    name: 'all-zero-calibration',
    status: 1,
    prints: [
      "net.prototxt:2: error: layer `data`: the calibration data are all zero: 'data' from train.txt holds nothing else",
      'hint: see whether the data set was written right',
    ],
  },
  {
    name: 'nan-weight',
    status: 1,
    prints: [
      'net.prototxt:4: error: layer `conv1`: of blob 0 ([4, 3, 3, 3]) element [1, 0, 0, 0] is NaN, in case/w.caffemodel',
    ],
    never: [/layer `conv2`/],
  },
  {
    name: '1a-conv-relu',
    floatLossNearZero: true,
    prints: ['k_relu: ReLU'],
  },
  {
    // The loss that OpenCV and PyTorch give; of images that are not resized it is 1.9141.
    name: '1c-resize-param',
    prints: [/^float +33\.33 % +2\.0118/m],
  },
  {
    name: '1d-solver-warmup',
    args: [],
    // Without the warm-up the loss falls to 0.07 in these twelve iterations.
    prints: [/^iteration 12 of 12: loss 0\.[2-9]/m],
  },
  {
    name: '2-dilation-h',
    floatLossNearZero: true,
  },
  {
    name: '3-pool-stride-over-kernel',
    floatLossNearZero: true,
  },
  {
    name: '3b-pool-clip',
    floatLossNearZero: true,
  },
  {
    name: '4-train-net',
    args: [],
    // The accuracy is the TEST net's alone; the loss after training is below the one before it.
    prints: [/test after 0 iterations: acc 0\.1667, loss 1\.5436/, /test after 4 iterations/, /^float +16\.67 %/m],
    delivered: (out) => {
      const retrain = readFileSync(join(out, 'case_retrain_model.prototxt'), 'utf8');
      expect(retrain).toMatch(/batch_size: 3 .*phase: TRAIN/);
      expect(retrain).toMatch(/batch_size: 6 .*phase: TEST/);
    },
  },
  {
    // The weights are found by their name's ending; k2 has k1's.
    name: '5-shared-h5',
    floatLossNearZero: true,
    never: ['warning'],
  },
  {
    // The input without a shape is dropped, as in Caffe: only a layer has a shape.
    name: '6-input-twice',
    args: [...WITHOUT_SOLVER, '--deploy', 'deploy.prototxt'],
    never: ['made already'],
  },
  {
    name: '7-filler-only',
    prints: [
      'net.prototxt:4: info: layer `up`: case/w.caffemodel has no weights for layer "up"',
      'bilinear interpolation',
    ],
    floatLossNearZero: true,
    never: ['warning'],
  },
  {
    name: '8-eltwise-max-coeff',
    prints: ['net.prototxt:5: warning: layer `k`: Eltwise: coeff has no effect with operation MAX'],
    floatLossNearZero: true,
  },
  {
    name: '9-hdf5output',
    prints: [/net\.prototxt:4:\d+: info: layer `k`: left out: HDF5Output layers write files/],
    floatLossNearZero: true,
    delivered: (out) => {
      for (const name of ['case_deploy_model.prototxt', 'case_caffe_model.prototxt', 'case_int8.onnx']) {
        expect(readFileSync(join(out, name), 'latin1')).not.toMatch(/HDF5Output|x\.h5/);
      }
    },
  },
  {
    name: '10-list-without-labels',
    prints: ['6 test records'],
    never: ['no label'],
  },
  {
    // Caffe's rule: the file's last goes into the net's first, the second stays at its filler.
    name: '11-duplicate-names',
    prints: [
      'net.prototxt:5:9: warning: layer `sc`: there are several layers named "sc"; the first is in line 4',
      'layer `sc_2`: the weights of "sc" in case/w.caffemodel are those of another layer of this name',
      'blob 0 [4] with the constant 1',
      'w.caffemodel: warning: layer `sc`: there are several layers "sc" with weights of their own: the last one counts',
    ],
    floatLossNearZero: true,
    delivered: (folder) => {
      const prototxt = readFileSync(join(folder, 'case_caffe_model.prototxt'), 'utf8');
      expect(prototxt.match(/name: "sc(_2)?"/g)).toEqual(['name: "sc"', 'name: "sc_2"']);
    },
  },
];

let folder: string;
let cwd: jest.SpiedFunction<typeof process.cwd>;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'caffe-quant-case-')));
  cwd = jest.spyOn(process, 'cwd').mockReturnValue(folder);
});
afterEach(() => {
  cwd.mockRestore();
  rmSync(folder, { recursive: true });
});

for (const { pending, name, ...expected } of CASES) {
  if (pending) {
    test.todo(name);
    continue;
  }
  test(name, async () => {
    cpSync(join(__dirname, '../fixtures/cases', name), join(folder, 'case'), { recursive: true });
    const { status, out, error } = await run('export', 'case', '--out', 'out', ...(expected.args ?? WITHOUT_SOLVER));
    const printed = `${error}\n${out}`;
    for (const text of expected.prints ?? []) {
      if (typeof text === 'string') expect(printed).toContain(text);
      else expect(printed).toMatch(text);
    }
    for (const text of [...(expected.never ?? []), /\n\s+at .*:\d+:\d+/]) expect(printed).not.toMatch(text);
    expect({ status, printed }).toMatchObject({ status: expected.status ?? 0 });
    if (expected.floatLossNearZero) expect(floatLoss(join(folder, 'out'))).toBeLessThan(1e-3);
    await expected.delivered?.(join(folder, 'out'));
  });
}

/** The first number of the table's row of the float model. */
function floatLoss(out: string): number {
  const row = /^float +(\S+)/m.exec(readFileSync(join(out, 'summary.txt'), 'utf8'));
  return Number(row?.[1] ?? Number.NaN);
}
