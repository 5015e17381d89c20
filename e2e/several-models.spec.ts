import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { smallProject } from '../packages/pipeline/src/testing/small-project.ts';
import { ALL_STAGES } from './support/stages-of.ts';
import { TemporaryRepository } from './support/temporary-repository.ts';
import { TemporaryWorkspace } from './support/temporary-workspace.ts';

/**
 * Two models in one run, as CI does it: their bytes, what the user sees of them, and a name with a dot; and this repository
 * itself, where Nx runs the TypeScript sources.
 */

const DOTTED = 'small.v2';
const FOLDER = 'models/second';

let repository: TemporaryWorkspace;
let sources: TemporaryRepository;

beforeAll(() => {
  [repository, sources] = [new TemporaryWorkspace(), new TemporaryRepository()];
  smallProject(sources.path);
  repository.remove('models');
  smallProject(repository.path);
  for (const name of ['quant.cfg', 'solver.prototxt', 'train_val.prototxt', 'small.caffemodel', 'data/data.mdb']) {
    repository.copy(`models/small/${name}`, `${FOLDER}/${name}`);
  }
  repository.edit(`${FOLDER}/quant.cfg`, /6\.0/g, '3.0');
  declare({});
  const git = (...args: string[]) => execFileSync('git', args, { cwd: repository.path });
  git('init', '--quiet');
  git('add', '--all');
  git('-c', 'user.name=e2e', '-c', 'user.email=e2e@example.org', 'commit', '--quiet', '--message=base');
});
afterAll(() => {
  repository.remove();
  sources.remove();
});

/** Both models are in workspace.json; one has a dot in its name, of which Nx finds no entry in a JSON file. */
function declare(options: object): void {
  const projects = {
    small: 'models/small',
    [DOTTED]: { root: FOLDER, targets: { 'quantize-retrain': { options } } },
  };
  repository.write('workspace.json', JSON.stringify({ version: 2, projects }, null, 2));
}

const dotted = () => repository.contents(`dist/quantize/${DOTTED}`);

test('two models at once make the same bytes as each alone, from the packages or the sources', async () => {
  const together = await repository.nx('run-many', '-t', 'quantize-retrain', '--parallel=4');
  expect(together.status).toBe(0);
  expect(together.cached).toEqual([]);
  const bytes = dotted();
  repository.remove(`dist/quantize/${DOTTED}`);
  const alone = await repository.nx('run', `${DOTTED}:quantize-retrain`, '--skip-nx-cache');
  expect(alone).toMatchObject({ status: 0, ran: ALL_STAGES });
  expect(dotted()).toEqual(bytes);

  // Plugins in processes of their own, as everywhere by default.
  sources.environment['NX_ISOLATE_PLUGINS'] = 'true';
  const source = await sources.nx('run', 'small:quantize-retrain');
  delete sources.environment['NX_ISOLATE_PLUGINS'];
  expect(source).toMatchObject({ status: 0, ran: ALL_STAGES });
  for (const stage of ALL_STAGES.slice(1)) {
    const folder = join('dist/quantize/small', stage);
    expect(sources.contents(folder)).toEqual(repository.contents(folder));
  }
  const trained = (name: string) => Object.values(repository.contents(`dist/quantize/${name}/train`));
  expect(trained('small')).not.toEqual(trained(DOTTED));
});

test('an edit of the engine’s sources computes anew, for they have no version', async () => {
  expect(await sources.nx('run', 'small:quantize-calibrate')).toMatchObject({ ran: ['fingerprint'] });
  sources.edit('packages/kernels/src/index.ts', /^/, '// Another.\n');
  const { ran, output } = await sources.nx('run', 'small:quantize-calibrate');
  expect(ran).toEqual(['fingerprint', 'resolve', 'calibrate']);
  expect(output).not.toContain('quantize-calibrate: nothing');
});

describe('what run-many shows where nobody looks at a terminal', () => {
  const runMany = (...args: string[]) => repository.nx('run-many', '-t', 'quantize-retrain', ...args);

  test('of a success, only that it was one; all of it with the output style that docs/ci.md asks for', async () => {
    const silent = await runMany();
    expect(silent.status).toBe(0);
    expect(silent.output).not.toContain('post-training');
    const streamed = await runMany('--outputStyle=stream');
    expect(streamed.output.match(/\bpost-training\b/g)).toHaveLength(2);
  });

  test('of a failure, the message with its line in any case', async () => {
    repository.edit(`${FOLDER}/quant.cfg`, 'skip_layers: "ip3"', 'skip_layers: "ip4"');
    for (const style of [[], ['--outputStyle=stream']]) {
      const { status, output } = await runMany(...style);
      expect(status).toBe(1);
      expect(output).toContain(`${FOLDER}/quant.cfg:4:14: error:`);
    }
    repository.edit(`${FOLDER}/quant.cfg`, 'skip_layers: "ip4"', 'skip_layers: "ip3"');
  });
});

test('a change of the entry of a dotted name is seen, by the cache and by nx affected', async () => {
  const affected = async () => {
    const { output } = await repository.nx('show', 'projects', '--affected', '--base=HEAD', '--json');
    return JSON.parse(output) as string[];
  };
  expect(await affected()).toEqual([]);
  expect(await repository.nx('run', `${DOTTED}:quantize-resolve`)).toMatchObject({ ran: ['fingerprint'] });
  declare({ prefix: 'second' });
  expect(await affected()).toContain(DOTTED);
  expect(await repository.nx('run', `${DOTTED}:quantize-resolve`)).toMatchObject({ ran: ['fingerprint', 'resolve'] });
  const exported = JSON.parse(repository.read(join('dist/quantize', DOTTED, 'resolve/export.json'))) as object;
  expect(exported).toMatchObject({ prefix: 'second' });
});
