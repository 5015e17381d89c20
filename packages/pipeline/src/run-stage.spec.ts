import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { outDirOf } from './run-stage.ts';
import type { Stage, StageContext } from './stage.ts';
import { runIn } from './testing/run-in.ts';
import { smallProject } from './testing/small-project.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const folder = temporaryFolder();
const outDir = () => join(folder.path, 'dist/quantize/small');
const resultOf = (stage: string) => readFileSync(join(outDir(), stage, 'ranges.json'), 'utf8');

let runs = 0;
/** Stands in for `calibrate`: reads what that stage is declared to read, writes what it is declared to write. */
const counting = (work: (context: StageContext) => Promise<void> | void = () => undefined): Stage => ({
  name: 'calibrate',
  async run(context) {
    runs++;
    const read = readFileSync(context.input('resolve', 'calibrate.json'), 'utf8');
    await work(context);
    writeFileSync(join(context.out, 'ranges.json'), `calibrated ${read}`);
  },
});

/** Leaves what the earlier stages would. */
function earlier(calibrate = 'a', train = 'x'): void {
  const files = {
    'fingerprint/fingerprint.json': '{}',
    'resolve/calibrate.json': calibrate,
    'resolve/train.json': train,
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(outDir(), name, '..'), { recursive: true });
    writeFileSync(join(outDir(), name), text);
  }
}

const diagnostic = (more: object = {}) =>
  new DiagnosticsError([{ code: 'test', severity: 'error', message: 'that is wrong', ...more }]);

beforeEach(() => {
  runs = 0;
});

test("a stage's files are in its own folder, with nothing of an earlier run", async () => {
  const place = smallProject(folder.path);
  earlier();
  mkdirSync(join(outDir(), 'calibrate'));
  writeFileSync(join(outDir(), 'calibrate/stale'), '');
  expect(await runIn(place, counting())).toEqual({ success: true, printed: '', errors: '' });
  expect(readdirSync(join(outDir(), 'calibrate'))).toEqual(['digests.json', 'ranges.json']);
  expect(readdirSync(outDir()).sort()).toEqual(['calibrate', 'fingerprint', 'resolve']);
});

describe('the store', () => {
  test('answers where nothing has changed, and says so', async () => {
    const place = smallProject(folder.path);
    earlier();
    await runIn(place, counting());
    rmSync(join(outDir(), 'calibrate'), { recursive: true });
    const again = await runIn(place, counting());
    expect(runs).toBe(1);
    expect(again.printed).toContain('taken from .caffe-quant/store');
    expect(resultOf('calibrate')).toBe('calibrated a');
  });

  test('does not answer where a file that the stage reads is another; another stage’s file makes no difference', async () => {
    const place = smallProject(folder.path);
    earlier('a', 'x');
    await runIn(place, counting());
    earlier('a', 'y');
    await runIn(place, counting());
    expect(runs).toBe(1);
    earlier('b', 'y');
    await runIn(place, counting());
    expect(runs).toBe(2);
    expect(resultOf('calibrate')).toBe('calibrated b');
  });

  test('keeps parts of the work, and forgets the checkpoint when it is done', async () => {
    const place = smallProject(folder.path);
    earlier('a');
    let parts = 0;
    const work = async ({ part, checkpoint }: StageContext): Promise<void> => {
      const made = await part({ layer: 'ip1' }, async (draft) => {
        parts++;
        writeFileSync(join(draft, 'range'), '6');
      });
      expect(readFileSync(join(made, 'range'), 'utf8')).toBe('6');
      expect(await checkpoint.restore(join(folder.path, `old ${runs}`))).toBe(false);
      await checkpoint.save(async (draft) => writeFileSync(join(draft, 'iteration'), '10'));
      expect(await checkpoint.restore(join(folder.path, `saved ${runs}`))).toBe(true);
    };
    await runIn(place, counting(work));
    earlier('b');
    await runIn(place, counting(work));
    expect([runs, parts]).toEqual([2, 1]);
    expect(readdirSync(outDir()).sort()).toEqual(['calibrate', 'fingerprint', 'resolve']);
  });

  test('has the checkpoint of a run that was interrupted', async () => {
    const place = smallProject(folder.path);
    earlier();
    const interrupted = new AbortController();
    const first = await runIn(
      place,
      counting(async ({ checkpoint, signal }) => {
        await checkpoint.save(async (draft) => writeFileSync(join(draft, 'iteration'), '10'));
        interrupted.abort();
        signal.throwIfAborted();
      }),
      {},
      interrupted.signal,
    );
    expect(first).toEqual({ success: false, printed: '', errors: 'quantize-calibrate was interrupted' });
    expect(existsSync(join(outDir(), 'calibrate'))).toBe(false);
    let restored = false;
    await runIn(
      place,
      counting(async ({ checkpoint }) => {
        restored = await checkpoint.restore(join(folder.path, 'restored'));
      }),
    );
    expect(restored).toBe(true);
  });
});

describe('a mistake of the user', () => {
  test('is told with its line, ends the stage, and leaves the earlier result', async () => {
    const place = smallProject(folder.path);
    earlier('a');
    await runIn(place, counting());
    earlier('b');
    const file = join(place.root, 'quant.cfg');
    const failed = await runIn(
      place,
      counting(() => {
        throw diagnostic({ file, line: 4, column: 1, message: `see ${file}` });
      }),
    );
    expect(failed.success).toBe(false);
    expect(failed.errors).toBe(
      'models/small/quant.cfg:4:1: error: see models/small/quant.cfg\n    skip_layers: "ip3"\n    ^',
    );
    expect(resultOf('calibrate')).toBe('calibrated a');
    expect(readdirSync(outDir()).sort()).toEqual(['calibrate', 'fingerprint', 'resolve']);
  });

  test('an earlier stage that has not run is named with the command that runs it', async () => {
    const failed = await runIn(smallProject(folder.path), counting());
    expect(failed.errors).toContain(
      'the stage quantize-resolve has left no dist/quantize/small/resolve/calibrate.json',
    );
    expect(failed.errors).toContain('nx run small:quantize-calibrate');
  });

  test('an option that the first stage did not have is refused: Nx gave it to this one alone', async () => {
    const place = smallProject(folder.path);
    earlier();
    writeFileSync(join(outDir(), 'fingerprint/options.json'), '{"compat":"amct"}');
    const { success, errors } = await runIn(place, counting(), { maxIter: 5, outDir: 'dist/quantize/small' });
    expect(success).toBe(false);
    expect(errors).toContain(
      'the option compat is not set for quantize-calibrate, but "amct" for the stages before it',
    );
    expect(errors).toContain('the option maxIter is 5 for quantize-calibrate, but not set for the stages before it');
    expect((await runIn(place, counting(), { compat: 'amct' })).success).toBe(true);
  });

  test('a project folder that is not there is named', async () => {
    const place = { ...smallProject(folder.path), root: join(folder.path, 'models/gone') };
    expect((await runIn(place, counting())).errors).toContain("the project 'small' should be in models/gone");
  });

  test.each(['..', '.', 'models', 'models/small', '/tmp'])('outDir %s is refused', async (outDirOption) => {
    const run = await runIn(smallProject(folder.path), counting(), { outDir: outDirOption });
    expect(run.errors).toContain('outDir');
    expect(runs).toBe(0);
  });
});

test('any other error is thrown, with its stack', async () => {
  const place = smallProject(folder.path);
  earlier();
  const broken = counting(() => {
    throw new TypeError('a bug');
  });
  await expect(runIn(place, broken)).rejects.toThrow('a bug');
  expect(existsSync(join(outDir(), 'calibrate'))).toBe(false);
});

test('a stage may read only what it is declared to read', async () => {
  const place = smallProject(folder.path);
  earlier();
  const undeclared = counting(({ input }) => void input('resolve', 'train.json'));
  await expect(runIn(place, undeclared)).rejects.toThrow('calibrate is not declared to read train.json of resolve');
});

test('a stage may write only what it is declared to write', async () => {
  const place = smallProject(folder.path);
  earlier();
  const undeclared = counting(({ out }) => writeFileSync(join(out, 'more.json'), ''));
  await expect(runIn(place, undeclared)).rejects.toThrow('calibrate is not declared to write more.json');
  expect(existsSync(join(outDir(), 'calibrate'))).toBe(false);
});

test('outDir is taken from the workspace root', () => {
  const place = smallProject(folder.path);
  expect(outDirOf({ place, options: {} })).toBe(outDir());
  expect(outDirOf({ place, options: { outDir: 'build/q' } })).toBe(join(folder.path, 'build/q'));
});
