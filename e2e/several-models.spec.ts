import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { smallProject } from '../packages/pipeline/src/testing/small-project.ts';
import { TemporaryWorkspace } from './support/temporary-workspace.ts';

/** Two models in one run, as CI does it: their bytes, what the user sees of them, and a name with a dot. */

const DOTTED = 'small.v2';
const FOLDER = 'models/second';

let repository: TemporaryWorkspace;

beforeAll(() => {
  repository = new TemporaryWorkspace();
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
afterAll(() => repository.remove());

/** Both models are in workspace.json; one has a dot in its name, of which Nx finds no entry in a JSON file. */
function declare(options: object): void {
  const projects = {
    small: 'models/small',
    [DOTTED]: { root: FOLDER, targets: { 'quantize-retrain': { options } } },
  };
  repository.write('workspace.json', JSON.stringify({ version: 2, projects }, null, 2));
}

const results = () => ({
  small: repository.contents('dist/quantize/small'),
  [DOTTED]: repository.contents(`dist/quantize/${DOTTED}`),
});

test('two models at once make the same bytes as one after the other', async () => {
  const together = await repository.nx('run-many', '-t', 'quantize-retrain', '--parallel=4');
  expect(together.status).toBe(0);
  expect(together.cached).toEqual([]);
  const bytes = results();
  repository.remove('dist');
  for (const project of ['small', DOTTED]) {
    const { status } = await repository.nx('run', `${project}:quantize-retrain`, '--skip-nx-cache');
    expect(status).toBe(0);
  }
  expect(results()).toEqual(bytes);
  expect(bytes.small).not.toEqual(bytes[DOTTED]);
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
