import fc from 'fast-check';
import { findJsonError } from './json-error.ts';

test.each([
  ['{ "projects": { "a" } }', 20, "':'"],
  ['{ "a": x }', 7, 'a value'],
  ['{ "a": 1, }', 10, 'a name in double quotes'],
  ['[1, 2,]', 6, 'a value'],
  ['[1 2]', 3, "',' or ']'"],
  ['{ "a": 1 "b": 2 }', 9, "',' or '}'"],
  ['{ // comment\n }', 2, 'a name in double quotes'],
  ["{ 'a': 1 }", 2, 'a name in double quotes'],
  ['{ "a": [', 8, 'a value'],
  ['', 0, 'a value'],
  ['{} {}', 3, 'the end of the file'],
  ['[01]', 2, "',' or ']'"],
])('%j fails at %d: expected %s', (text, position, expected) => {
  expect(findJsonError(text)).toEqual({ position, expected });
});

test('a sound text is read to its end', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(findJsonError(text)).toEqual({ position: text.length, expected: 'the end of the file' });
    }),
  );
});

test('what stands before the error is the start of some JSON, with any cut of a sound text', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), (text, cut) => {
      const start = text.slice(0, cut % text.length);
      expect(findJsonError(start).position).toBeLessThanOrEqual(start.length);
    }),
  );
});
