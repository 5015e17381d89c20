import { checkWorkspaceJson } from './check-workspace-json.ts';
import { temporaryWorkspace } from './testing/temporary-workspace.ts';

const workspace = temporaryWorkspace();
const check = (json: unknown, project = 'a', root = 'models/a') => {
  workspace.write({ 'workspace.json': json });
  return checkWorkspaceJson(workspace.path, project, root).map(({ severity, message }) => `${severity}: ${message}`);
};

test('without the file, or with a sound one, there is nothing to say', () => {
  expect(checkWorkspaceJson(workspace.path, 'a', 'models/a')).toEqual([]);
  expect(check({ projects: { a: 'models/a' } })).toEqual([]);
});

test('a file that cannot be read is an error for every project', () => {
  expect(check('{')).toEqual([expect.stringContaining('error: the file is not JSON')]);
});

test("another project's problem is none of this one", () => {
  expect(check({ projects: { a: 'models/a', b: 1 } })).toEqual([]);
  expect(check({ projects: { a: 'models/a', b: 1 } }, 'b', 'models/b')).toHaveLength(1);
});

test('a name that package.json shadows is a warning', () => {
  expect(check({ projects: { a: 'models/a' } }, '@s/a')).toEqual([
    "warning: the project in models/a is 'a' here, but '@s/a' in its project.json or package.json, which Nx prefers",
  ]);
});
