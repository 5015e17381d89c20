import type { ExecutorContext } from '@nx/devkit';
import type { Stage, StageRequest } from '@caffe-quant/pipeline';
import { runStageExecutor } from './run-stage-executor.ts';
import { temporaryWorkspace } from './testing/temporary-workspace.ts';

const workspace = temporaryWorkspace();
const stage: Stage = { name: 'train', run: async () => undefined };

const context = () =>
  ({
    root: workspace.path,
    projectName: 'a',
    projectsConfigurations: { version: 2, projects: { a: { root: 'models/a' } } },
  }) as unknown as ExecutorContext;

test.each([true, false])('success is what the stage says: %s', async (success) => {
  const requests: StageRequest[] = [];
  const run = async (_: Stage, request: StageRequest) => requests.push(request) > 0 && success;
  workspace.write({ 'workspace.json': '{' });
  expect(await runStageExecutor(stage, { maxIter: 3 }, context(), run)).toEqual({ success });
  expect(requests).toEqual([
    expect.objectContaining({
      place: { name: 'a', root: `${workspace.path}/models/a`, workspaceRoot: workspace.path },
      options: { maxIter: 3 },
    }),
  ]);
  expect(requests[0]?.host.diagnostics).toHaveLength(1);
});

/** What a stage is asked for, and what is wrong with the options. */
async function asked(given: Record<string, unknown>, name: Stage['name'] = 'train', more: object = {}) {
  const requests: StageRequest[] = [];
  const run = async (_: Stage, request: StageRequest) => requests.push(request) > 0;
  workspace.write({ 'workspace.json': '{}' });
  await runStageExecutor({ ...stage, name }, given, { ...context(), ...more }, run);
  const { options, host } = requests[0]!;
  return { options, problems: host.diagnostics!.map(({ message, hint }) => [message, hint ?? '']) };
}

test('everything that is wrong with the options is told at once, with what was meant', async () => {
  const { problems } = await asked({ 'max-itr': 5, maxIter: 0, mode: 'distil', json: true, prefix: 7, _: ['conv1'] });
  expect(problems).toEqual([
    ['there is no option max-itr', 'did you mean maxIter?'],
    ['the option maxIter takes an integer of at least 1, not 0', ''],
    ["the option mode takes retrain, calibrate or distill, not 'distil'", "did you mean 'distill'?"],
    ['there is no option json', expect.stringMatching(/^there are config, net, /)],
    ['the option prefix takes a name, not a path, not 7', expect.stringContaining('in quotes')],
    ["quantize-train takes no 'conv1'", expect.any(String)],
  ]);
});

test('both spellings of an option are one, and what Nx adds is not an option', async () => {
  expect(await asked({ 'max-iter': 5, verbose: true })).toEqual({ options: { maxIter: 5 }, problems: [] });
  expect(await asked({ json: true, layer: 'conv1' }, 'explain')).toEqual({
    options: { json: true, layer: 'conv1' },
    problems: [],
  });
});

describe('the command line', () => {
  const task = (target: string, ...words: string[]) => ({
    target: { project: 'a', target: `quantize-${target}` },
    overrides: { __overrides_unparsed__: words },
  });
  /** What a stage is asked for in a run of tasks, where Nx has read `given` of the project and the words. */
  const inRun = (
    tasks: object[],
    given: Record<string, unknown>,
    name: Stage['name'] = 'train',
    options: object = {},
  ) => {
    const targets = Object.fromEntries(
      ['fingerprint', 'train', 'retrain', 'explain'].map((stage) => [
        `quantize-${stage}`,
        { executor: `@caffe-quant/nx:quantize-${stage}` },
      ]),
    );
    const projectsConfigurations = { version: 2, projects: { a: { root: 'models/a', targets } } };
    const more = { taskGraph: { tasks: { ...tasks } }, projectsConfigurations, targetName: `quantize-${name}` };
    return asked(given, name, { ...more, target: { executor: '', options } });
  };

  test('is for all stages, whichever of them Nx gives it to, in any spelling', async () => {
    const words = ['--max-iter=5', '--prefix', '007'];
    const tasks = [task('retrain', ...words), task('train'), task('fingerprint', ...words)];
    const expected = { options: { maxIter: 5, prefix: '007', mode: 'distill' }, problems: [] };
    expect(await inRun(tasks, { maxIter: 20, mode: 'distill' })).toEqual(expected);
    const given = { 'max-iter': 5, prefix: 7, mode: 'distill', verbose: true };
    expect(await inRun(tasks, given, 'retrain', { maxIter: 20, mode: 'distill' })).toEqual(expected);
    expect(await inRun(tasks, given, 'fingerprint', { maxIter: 20, mode: 'distill' })).toEqual(expected);
  });

  test("of another project's task is none of ours", async () => {
    const tasks = [task('retrain'), task('train'), task('fingerprint', '--prod', 'x', '--maxIter=3')];
    const given = { _: ['x'], prod: true, maxIter: 3 };
    expect(await inRun(tasks, given, 'fingerprint', { maxIter: 20 })).toEqual({
      options: { maxIter: 20 },
      problems: [],
    });
  });

  test('leaves alone what an executor keeps to itself', async () => {
    const tasks = [task('train', '--maxIter=3')];
    const declared = { maxIter: 20, attempt: 'float-1' };
    expect(await inRun(tasks, { maxIter: 3 }, 'train', declared)).toEqual({ options: { maxIter: 3 }, problems: [] });
  });

  test('of the first stage alone is its own', async () => {
    const tasks = [task('fingerprint', '--maxIter=3')];
    expect(await inRun(tasks, { maxIter: 3 }, 'fingerprint')).toEqual({ options: { maxIter: 3 }, problems: [] });
  });

  test('names a layer to explain without its name', async () => {
    expect(await inRun([task('explain', 'conv1', '--json')], { layer: 'conv1', json: true }, 'explain')).toEqual({
      options: { layer: 'conv1', json: true },
      problems: [],
    });
  });

  test('is told with all that is wrong with it', async () => {
    const { problems } = await inRun([task('train', '--maxItr', '--select=x', '--outDir=y', 'z')], {});
    expect(problems.map(([message]) => message)).toEqual([
      'there is no option --maxItr',
      "the option --select takes last or best, not 'x'",
      "quantize-train takes no 'z'",
      expect.stringContaining('--outDir cannot be given on the command line'),
    ]);
  });
});

test('being told to stop aborts the signal of the stage', async () => {
  const run = async (_: Stage, { host }: StageRequest) => {
    process.emit('SIGTERM');
    return host.signal.aborted;
  };
  const before = process.listenerCount('SIGTERM');
  expect(await runStageExecutor(stage, {}, context(), run)).toEqual({ success: true });
  expect(process.listenerCount('SIGTERM')).toBe(before);
});

test("JavaScript's own words are not an answer", async () => {
  const written: string[] = [];
  const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  const run = () => Promise.reject(new TypeError("Cannot read properties of undefined (reading 'length')"));
  const result = await runStageExecutor(stage, {}, context(), run);
  write.mockRestore();
  expect(result).toEqual({ success: false });
  expect(written.join('')).toMatch(/^error: quantize-train of a met an internal error\n  hint: .*CAFFE_QUANT_DEBUG=1/);
});
