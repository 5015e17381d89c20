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

test('being told to stop aborts the signal of the stage', async () => {
  const run = async (_: Stage, { host }: StageRequest) => {
    process.emit('SIGTERM');
    return host.signal.aborted;
  };
  const before = process.listenerCount('SIGTERM');
  expect(await runStageExecutor(stage, {}, context(), run)).toEqual({ success: true });
  expect(process.listenerCount('SIGTERM')).toBe(before);
});

test("JavaScript's own words are no answer", async () => {
  const written: string[] = [];
  const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  const run = () => Promise.reject(new TypeError("Cannot read properties of undefined (reading 'length')"));
  const result = await runStageExecutor(stage, {}, context(), run);
  write.mockRestore();
  expect(result).toEqual({ success: false });
  expect(written.join('')).toMatch(/^error: quantize-train of a met an internal error\n  hint: .*CAFFE_QUANT_DEBUG=1/);
});
