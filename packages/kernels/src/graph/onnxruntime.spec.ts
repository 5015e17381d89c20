import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { switchTelemetryOff } from './onnxruntime.ts';

const MODULES = join(process.cwd(), 'node_modules');

describe('ORT_DISABLE_TELEMETRY', () => {
  const after = (value: string | undefined) => {
    const environment: NodeJS.ProcessEnv = value === undefined ? {} : { ORT_DISABLE_TELEMETRY: value };
    switchTelemetryOff(environment, (name) => environment[name]);
    return environment['ORT_DISABLE_TELEMETRY'];
  };

  test.each([undefined, '', '2', 'disable'])('is set where it is %p, which leaves the collection on', (value) => {
    expect(after(value)).toBe('1');
  });

  test.each(['1', 'true', 'YES', 'on'])('stays where it is %p', (value) => {
    expect(after(value)).toBe(value);
  });

  test.each(['0', 'false', 'No', 'off'])('stays where a user has set it to %p on purpose', (value) => {
    expect(after(value)).toBe(value);
  });

  test('is asked for where only a copy of the environment can be set', () => {
    let caught: unknown;
    try {
      switchTelemetryOff({}, () => undefined);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(DiagnosticsError);
    expect((caught as DiagnosticsError).diagnostics).toEqual([
      expect.objectContaining({ code: 'telemetry', severity: 'error', hint: expect.stringContaining('main thread') }),
    ]);
  });
});

describe('a process of its own, without the variable', () => {
  let folder: string;
  let script: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'caffe-quant-telemetry-'));
    symlinkSync(MODULES, join(folder, 'node_modules'));
    script = join(folder, 'probe.cjs');
    const options = ['--bundle', '--platform=node', '--conditions=@caffe-quant/source', '--external:onnxruntime-node'];
    const source = join(__dirname, '../testing/telemetry-probe.ts');
    execFileSync(join(MODULES, '.bin/esbuild'), [source, ...options, `--outfile=${script}`], { stdio: 'pipe' });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What it prints, and what is in its folders afterwards. `CI` would switch the collection off too. */
  function probe(where: string, environment: Record<string, string> = {}) {
    const [home, temporary] = [mkdtempSync(join(folder, 'home-')), mkdtempSync(join(folder, 'tmp-'))];
    const env: NodeJS.ProcessEnv = { ...process.env, HOME: home, TMPDIR: temporary };
    for (const name of ['CI', 'GITHUB_ACTIONS', 'ORT_DISABLE_TELEMETRY']) delete env[name];
    const run = spawnSync(process.execPath, [script, where], { env: { ...env, ...environment }, encoding: 'utf8' });
    const left = [home, temporary].flatMap((path) => readdirSync(path, { recursive: true, encoding: 'utf8' }));
    return { said: run.stdout + run.stderr, left };
  }

  test.each(['main', 'worker-of-a-switched-off-process'])('computes and leaves nothing: %s', (where) => {
    expect(probe(where)).toEqual({ said: 'computed', left: [] });
  });

  test('is refused in a worker thread that cannot switch the collection off', () => {
    expect(probe('worker')).toEqual({ said: expect.stringMatching(/^telemetry: onnxruntime would report/), left: [] });
  });

  test('leaves files where the user wants the collection, so that the tests above would see them', () => {
    if (process.platform !== 'linux') return;
    const { said, left } = probe('main', { ORT_DISABLE_TELEMETRY: '0' });
    expect(said).toBe('computed');
    expect(left).toEqual(expect.arrayContaining(['.cache/Microsoft', expect.stringMatching(/^mat-debug-\d+\.log$/)]));
  });
});
