import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_STAGES } from './support/stages-of.ts';
import { TemporaryWorkspace } from './support/temporary-workspace.ts';

/** Projects, options and configurations that come from the root workspace.json. */

let repository: TemporaryWorkspace;
beforeAll(() => {
  repository = new TemporaryWorkspace();
});
afterAll(() => repository.remove());

test('an option there reaches the stages, and changing it re-runs them', async () => {
  expect(await repository.nx('run', 'model:quantize-resolve')).toMatchObject({ status: 0 });
  const prefix = () => JSON.parse(repository.read('dist/quantize/model/resolve/export.json')).prefix;
  expect(prefix()).toBe('model');
  repository.edit('workspace.json', '"config": "quant.cfg"', '"config": "quant.cfg", "prefix": "lenet"');
  expect(await repository.nx('run', 'model:quantize-resolve')).toMatchObject({
    status: 0,
    ran: ['fingerprint', 'resolve'],
  });
  expect(prefix()).toBe('lenet');
});

test('a configuration holds for all stages, in a folder of its own', async () => {
  const { status, output } = await repository.nx('run', 'model:quantize-resolve:tight');
  expect(status).toBe(0);
  expect(output).toContain('model:quantize-fingerprint:tight');
  // The lock is nobody's any more: the next run, or the last stage, takes it away.
  const made = readdirSync(join(repository.path, 'dist/quantize/model-tight')).filter((name) => name !== '.run.lock');
  expect(made).toEqual(['fingerprint', 'resolve']);
});

test('nx show project tells what each target is for, what it reads and writes, and its configurations', async () => {
  const { output } = await repository.nx('show', 'project', 'model', '--json');
  const { root, targets } = JSON.parse(output.slice(output.indexOf('{')));
  expect(root).toBe('models/model');
  const names = [...ALL_STAGES, 'explain'].map((stage) => `quantize-${stage}`);
  for (const name of names) {
    expect(targets[name]).toMatchObject({
      executor: `@caffe-quant/nx:${name}`,
      options: { config: 'quant.cfg', outDir: 'dist/quantize/model' },
      configurations: { quick: { maxIter: 20 }, tight: { config: 'quant.tight.cfg' } },
      outputs: [`{options.outDir}/${name.replace('quantize-', '')}`],
      metadata: { technologies: ['caffe'], description: expect.stringMatching(/^\S/) },
    });
  }
  expect(targets['quantize-retrain']).toMatchObject({
    cache: true,
    dependsOn: ['resolve', 'export', 'evaluate', 'report'].map((stage) => `quantize-${stage}`),
  });
  expect(targets['quantize-train'].parallelism).toBe(false);
});

test('explain prints the table, and the story of a layer', async () => {
  const { output } = await repository.nx('run', 'model:quantize-explain');
  expect(output).toMatch(/^conv2 +Convolution +yes +\[-6, 6\]/m);
  const { output: story } = await repository.nx('run', 'model:quantize-explain', 'conv1');
  expect(story).toContain('not quantized: skip_layers names it');
});

test('a project whose folder is not there is told, and disturbs no other', async () => {
  repository.edit('workspace.json', '"projects": {', '"projects": { "gone": "models/gone",');
  const { status, output } = await repository.nx('run', 'model:quantize-resolve');
  expect(status).toBe(0);
  expect(output).toContain(
    "workspace.json: error: the project 'gone' should be in models/gone, but there is no such folder",
  );
});

test('a file that is not JSON ends the run with its line, not with a stack', async () => {
  repository.edit('workspace.json', '"version": 2,', '"version": 2');
  const { status, output } = await repository.nx('run', 'model:quantize-retrain');
  expect(status).toBe(1);
  expect(output).toContain("workspace.json:3:3: error: the file is not JSON: expected ',' or '}'");
  expect(output).not.toMatch(/^\s+at /m);
});

test('a folder with a quant.cfg beside a prototxt is a project without being listed', async () => {
  repository.write('workspace.json', '{ "version": 2, "projects": {} }');
  const { status, output } = await repository.nx('show', 'project', 'model', '--json');
  expect(status).toBe(0);
  expect(Object.keys(JSON.parse(output.slice(output.indexOf('{'))).targets)).toContain('quantize-retrain');
  expect(existsSync(join(repository.path, 'models/model/project.json'))).toBe(false);
});
