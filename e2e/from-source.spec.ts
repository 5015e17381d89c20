import { join } from 'node:path';
import { smallProject } from '../packages/pipeline/src/testing/small-project.ts';
import { TemporaryRepository } from './support/temporary-repository.ts';
import { ALL_STAGES } from './support/stages-of.ts';
import { TemporaryWorkspace } from './support/temporary-workspace.ts';

/** This repository itself: Nx runs the TypeScript sources, plugins in processes of their own as everywhere by default. */

const RESULTS = 'dist/quantize/small';

let repository: TemporaryRepository;
let workspace: TemporaryWorkspace;

beforeAll(() => {
  [repository, workspace] = [new TemporaryRepository(), new TemporaryWorkspace()];
  for (const { path } of [repository, workspace]) smallProject(path);
});
afterAll(() => {
  repository.remove();
  workspace.remove();
});

test('the sources make the bytes that the packages make', async () => {
  repository.environment['NX_ISOLATE_PLUGINS'] = 'true';
  const source = await repository.nx('run', 'small:quantize-retrain');
  delete repository.environment['NX_ISOLATE_PLUGINS'];
  expect(source).toMatchObject({ status: 0, ran: ALL_STAGES });
  const built = await workspace.nx('run', 'small:quantize-retrain');
  expect(built).toMatchObject({ status: 0, ran: ALL_STAGES });
  for (const stage of ALL_STAGES.slice(1)) {
    const folder = join(RESULTS, stage);
    expect(repository.contents(folder)).toEqual(workspace.contents(folder));
  }
});

test('an edit of the engine’s sources computes anew, for they have no version', async () => {
  expect(await repository.nx('run', 'small:quantize-calibrate')).toMatchObject({ ran: ['fingerprint'] });
  repository.edit('packages/kernels/src/index.ts', /^/, '// Another.\n');
  const { ran, output } = await repository.nx('run', 'small:quantize-calibrate');
  expect(ran).toEqual(['fingerprint', 'resolve', 'calibrate']);
  expect(output).not.toContain('quantize-calibrate: nothing');
});
