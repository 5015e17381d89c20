import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './testing/run.ts';

jest.setTimeout(60_000);

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
    pending: true,
  },
  {
    name: 'argmax-onnx',
    pending: true,
  },
  {
    name: 'depthwise-type',
    pending: true,
  },
  {
    name: 'batch-fixed-needlessly',
    pending: true,
  },
  {
    name: 'shared-weights-one-in-file',
    pending: true,
  },
  {
    name: 'all-zero-calibration',
    pending: true,
  },
  {
    name: 'nan-weight',
    pending: true,
  },
  {
    name: '1a-conv-relu',
    pending: true,
  },
  {
    name: '1c-resize-param',
    pending: true,
  },
  {
    name: '1d-solver-warmup',
    args: [],
    pending: true,
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
    pending: true,
  },
  {
    name: '5-shared-h5',
    pending: true,
  },
  {
    name: '6-input-twice',
    pending: true,
  },
  {
    name: '7-filler-only',
    pending: true,
  },
  {
    name: '8-eltwise-max-coeff',
    pending: true,
  },
  {
    name: '9-hdf5output',
    pending: true,
  },
  {
    name: '10-list-without-labels',
    pending: true,
  },
  {
    name: '11-duplicate-names',
    pending: true,
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
