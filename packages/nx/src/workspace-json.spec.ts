import { parseWorkspaceJson } from './workspace-json.ts';

const parse = (json: unknown) => parseWorkspaceJson(JSON.stringify(json));

test('the classic format, version 1 and 2', () => {
  const { projects, problems } = parse({
    version: 1,
    projects: {
      a: './libs/a/',
      b: {
        root: 'libs/b',
        sourceRoot: 'libs/b/src',
        projectType: 'library',
        implicitDependencies: ['a'],
        architect: { build: { builder: 'x:y', options: { z: 1 } } },
        schematics: { g: {} },
      },
      c: { root: '.', targets: { lint: { executor: 'x:lint' } } },
    },
  });
  expect(problems).toEqual([]);
  expect(projects).toEqual([
    { name: 'a', root: 'libs/a', config: {} },
    {
      name: 'b',
      root: 'libs/b',
      config: {
        sourceRoot: 'libs/b/src',
        projectType: 'library',
        implicitDependencies: ['a'],
        targets: { build: { executor: 'x:y', options: { z: 1 } } },
        generators: { g: {} },
      },
    },
    { name: 'c', root: '.', config: { targets: { lint: { executor: 'x:lint' } } } },
  ]);
});

test('an empty file of projects is fine', () => {
  expect(parse({})).toEqual({ projects: [], problems: [] });
  expect(parse({ version: 2, projects: {} })).toEqual({ projects: [], problems: [] });
});

test.each<[string, unknown, string]>([
  ['no object', 'x', '`projects` should be an object'],
  ['projects that are not an object', { projects: [] }, '`projects` should be an object'],
  ['a project that is not a folder', { projects: { a: 1 } }, "the project 'a' should be a folder of the workspace"],
  ['one without a root', { projects: { a: {} } }, "the project 'a' should be"],
  ['one outside', { projects: { a: '../a' } }, "the project 'a' should be"],
  [
    'two in one folder',
    { projects: { a: 'x', b: { root: './x' } } },
    "the projects 'a' and 'b' have the same folder x",
  ],
])('%s is a problem', (_, json, expected) => {
  expect(parse(json).problems.map(({ message }) => message)).toEqual([expect.stringContaining(expected)]);
});

test.each([
  ['{ "projects": { "a" } }', 1, 21],
  ['{\n  "projects": {\n    "a": x\n', 3, 10],
  ['{\n  "projects": {', 2, 16],
])('a syntax error in %j is at %d:%d', (text, line, column) => {
  expect(parseWorkspaceJson(text).problems).toEqual([
    expect.objectContaining({ line, column, file: 'workspace.json' }),
  ]);
});
