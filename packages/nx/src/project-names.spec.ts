import fc from 'fast-check';
import { projectNames } from './project-names.ts';

test.each<[string[], string[], Record<string, string>]>([
  [['models/a'], [], { 'models/a': 'a' }],
  [['x/a', 'y/a'], [], { 'x/a': 'x-a', 'y/a': 'y-a' }],
  [['x/a'], ['a'], { 'x/a': 'x-a' }],
  [['.'], [], { '.': 'root' }],
  [['a', 'x/a'], [], { a: 'a', 'x/a': 'x-a' }],
  [['x/a', 'y/a', 'x-a'], [], { 'x-a': 'x-a', 'x/a': 'x-a-2', 'y/a': 'y-a' }],
])('%j beside %j', (roots, taken, expected) => {
  expect(Object.fromEntries(projectNames(roots, new Set(taken)))).toEqual(expected);
});

test('no name is there twice, and the order of the folders makes no difference', () => {
  const part = fc.constantFrom('a', 'b', 'a-b', 'c');
  const root = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  fc.assert(
    fc.property(fc.uniqueArray(root), fc.uniqueArray(part), (roots, taken) => {
      const names = projectNames(roots, new Set(taken));
      const all = [...taken, ...names.values()];
      expect(new Set(all).size).toBe(all.length);
      expect(projectNames([...roots].reverse(), new Set(taken))).toEqual(names);
    }),
  );
});
