import { TemporaryWorkspace } from './support/temporary-workspace.ts';

/** Two runs of Nx for one project at once: each has the bytes that it has alone, in the workspace and in Nx's cache. */

const EXPORTED = 'dist/quantize/model/export';

let repository: TemporaryWorkspace;
beforeAll(() => {
  repository = new TemporaryWorkspace();
  repository.environment['CAFFE_QUANT_LOCK_WAIT'] = '300';
  const configurations = '"configurations": {\n"few": { "maxIter": 2 }, "more": { "maxIter": 5 },';
  repository.edit('workspace.json', '"configurations": {', configurations);
});
afterAll(() => repository.remove());

const exportWith = (configuration: string) => repository.nx('run', `model:quantize-export:${configuration}`);

test('with different options into one folder', async () => {
  const runs = await Promise.all([exportWith('few'), exportWith('more')]);
  expect(runs.map(({ status }) => status)).toEqual([0, 0]);
  const waited = runs.filter(({ output }) =>
    /dist\/quantize\/model is in use by process \d+ \(project model/.test(output),
  );
  expect(waited).toHaveLength(1);
  const left = repository.contents(EXPORTED);
  // From Nx's cache, where a result under the hash of another would stay.
  const few = await exportWith('few').then(() => repository.contents(EXPORTED));
  const more = await exportWith('more').then(() => repository.contents(EXPORTED));
  expect(few).not.toEqual(more);
  expect([few, more]).toContainEqual(left);
  for (const folder of ['dist', '.nx', '.caffe-quant']) repository.remove(folder);
  await exportWith('few');
  expect(repository.contents(EXPORTED)).toEqual(few);
  for (const folder of ['dist', '.nx', '.caffe-quant']) repository.remove(folder);
  await exportWith('more');
  expect(repository.contents(EXPORTED)).toEqual(more);
});
