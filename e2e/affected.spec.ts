import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { TemporaryWorkspace } from './support/temporary-workspace.ts';

/** `nx affected -t quantize-retrain`: the models that a change concerns, and no other. */

const MODEL = 'models/model';
const OTHER = 'models/other';
const SHARED = 'models/data/fashion-mnist';

let repository: TemporaryWorkspace;

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: repository.path, encoding: 'utf8' });
}

beforeAll(() => {
  repository = new TemporaryWorkspace();
  cpSync(join(repository.path, MODEL), join(repository.path, OTHER), { recursive: true });
  repository.edit(`${OTHER}/solver.prototxt`, 'models/model/train_val', 'models/other/train_val');
  const projects = {
    ...JSON.parse(repository.read('workspace.json')).projects,
    // A third one takes its config and its net from elsewhere, and depends on a project of data.
    third: {
      root: 'models/third',
      implicitDependencies: ['images'],
      targets: { 'quantize-retrain': { options: { config: '../shared/quant.cfg' } } },
    },
    images: { root: SHARED },
    other: OTHER,
  };
  repository.write('workspace.json', JSON.stringify({ version: 2, projects }, null, 2));
  repository.write('models/shared/quant.cfg', repository.read(`${MODEL}/quant.cfg`));
  for (const name of ['solver.prototxt', 'train_val.prototxt', 'data.lock.json']) {
    repository.write(`models/third/${name}`, repository.read(`${MODEL}/${name}`));
  }
  git('init', '--quiet');
  git('config', 'user.email', 'e2e@example.org');
  git('config', 'user.name', 'e2e');
  git('add', '--all');
  git('commit', '--quiet', '--message=base');
});
afterAll(() => repository.remove());
afterEach(() => {
  git('reset', '--quiet', '--hard');
  git('clean', '--quiet', '--force', '-d');
});

/** The models that the matrix of a CI workflow is made of. */
async function affectedModels(): Promise<string[]> {
  const list = ['show', 'projects', '--affected', '--base=HEAD', '--withTarget=quantize-retrain', '--json'];
  const { status, output } = await repository.nx(...list);
  expect(status).toBe(0);
  return (JSON.parse(output) as string[]).sort();
}

/** The tasks of `nx affected -t quantize-retrain`. */
async function affectedTasks(): Promise<string[]> {
  const { status, output } = await repository.nx('affected', '-t', 'quantize-retrain', '--base=HEAD', '--graph=stdout');
  expect(status).toBe(0);
  const { tasks } = JSON.parse(output.slice(output.indexOf('{'))) as { tasks: { tasks: Record<string, unknown> } };
  return Object.keys(tasks.tasks).filter((id) => id.endsWith(':quantize-retrain'));
}

const edit = (file: string, from: string | RegExp, to: string) => () => repository.edit(file, from, to);

test.each<[string, () => void, string[]]>([
  [
    'READMEs, of a model and of the data that it depends on',
    () => {
      repository.write(`${MODEL}/README.md`, '# another\n');
      repository.write(`${SHARED}/README.md`, '# another\n');
    },
    [],
  ],
  ['a quant.cfg', edit(`${MODEL}/quant.cfg`, '6.0', '5.0'), ['model']],
  ['a solver', edit(`${OTHER}/solver.prototxt`, 'max_iter: 640', 'max_iter: 64'), ['other']],
  ['weights', edit(`${OTHER}/lenet.caffemodel`, /$/, 'x'), ['other']],
  ['data, by their lock', edit(`${MODEL}/data.lock.json`, '4000', '4001'), ['model']],
  ['data in a project that a model depends on', edit(`${SHARED}/train_lmdb/data.mdb`, /$/, 'x'), ['third']],
  ['thresholds', () => repository.write(`${MODEL}/thresholds.json`, '{"maxDrop": 0.5}'), ['model']],
  ['a config elsewhere that an option names', edit('models/shared/quant.cfg', '6.0', '5.0'), ['third']],
  ['an entry of workspace.json', edit('workspace.json', '"weights"', '"prefix": "x", "weights"'), ['model']],
])('a change of %s', async (_, change, expected) => {
  change();
  expect(await affectedModels()).toEqual(expected);
});

test('of two changed models just those two are run', async () => {
  repository.edit(`${MODEL}/quant.cfg`, '6.0', '5.0');
  repository.edit(`${OTHER}/data.lock.json`, '4000', '4001');
  expect(await affectedTasks()).toEqual(['model:quantize-retrain', 'other:quantize-retrain']);
});
