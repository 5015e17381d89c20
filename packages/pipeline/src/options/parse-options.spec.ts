import { OPTION_LIST } from '../option-list.ts';
import { parseOptions } from './parse-options.ts';

const problems = (given: Record<string, unknown>, source: 'json' | 'command line' = 'json') =>
  parseOptions(OPTION_LIST, given, source).diagnostics.map(({ message, hint = '' }) => `${message}; ${hint}`);

test.each<[Record<string, unknown>, Record<string, unknown>]>([
  [
    { maxIter: 5, baseLr: 0, json: false },
    { maxIter: 5, baseLr: 0, json: false },
  ],
  [
    { 'max-iter': 5, 'clip-lr-mult': 2 },
    { maxIter: 5, clipLrMult: 2 },
  ],
  [{ 'max-iter': 5, maxIter: 5 }, { maxIter: 5 }],
  [{ maxIter: undefined }, {}],
  [{ batchNorm: 'freeze' }, { batchNorm: 'freeze' }],
  [{ batchNorm: 'freezeAfter:0' }, { batchNorm: 'freezeAfter:0' }],
])('%j is taken', (given, options) => {
  expect(parseOptions(OPTION_LIST, given)).toEqual({ options, diagnostics: [] });
});

test('on a command line, numbers and truth values are texts', () => {
  const given = { maxIter: '5', baseLr: '1e-3', prefix: '7', control: 'false', json: true };
  const options = { maxIter: 5, baseLr: 0.001, prefix: '7', control: false, json: true };
  expect(parseOptions(OPTION_LIST, given, 'command line').options).toEqual(options);
});

test.each<[Record<string, unknown>, string]>([
  [{ maxIter: 0 }, 'the option maxIter takes an integer of at least 1, not 0; '],
  [{ maxIter: 2.5 }, 'the option maxIter takes an integer of at least 1, not 2.5; '],
  [{ maxIter: '5' }, "the option maxIter takes an integer of at least 1, not '5'; "],
  [{ bnReestimate: -1 }, 'the option bnReestimate takes an integer of at least 0, not -1; '],
  [{ percentile: 49 }, 'the option percentile takes a number from 50 to 100, not 49; '],
  [{ percentile: 100.5 }, 'the option percentile takes a number from 50 to 100, not 100.5; '],
  [{ json: 'true' }, "the option json takes true or false, not 'true'; "],
  [{ config: '' }, "the option config takes the path of a file, not ''; "],
  [{ config: null }, 'the option config takes the path of a file, not null; '],
  [{ net: ['a'] }, 'the option net takes the path of a file, not ["a"]; '],
  [{ prefix: 'a/b' }, "the option prefix takes a name, not a path, not 'a/b'; "],
  [
    { layer: 7 },
    'the option layer takes a text, not 7; Nx takes it for a number: put it into workspace.json, in quotes',
  ],
  [{ select: 'bset' }, "the option select takes last or best, not 'bset'; did you mean 'best'?"],
  [{ maxIters: 5 }, 'there is no option maxIters; did you mean maxIter?'],
  [{ max_iter: 5 }, 'there is no option max_iter; did you mean maxIter?'],
  [{ toString: 5 }, `there is no option toString; there are ${Object.keys(OPTION_LIST).join(', ')}`],
  [{ maxIter: 5, 'max-iter': 6 }, 'the option maxIter is given twice, as maxIter and as max-iter, with other values; '],
])('%j is refused', (given, problem) => {
  expect(problems(given)).toEqual([problem]);
});

test.each(['freezeAfter', 'freezeAfter:-1', 'freezeAfter:1e3', 'frozen', 'freezeAfter:1\n'])(
  'batchNorm: %j is refused',
  (batchNorm) => {
    expect(problems({ batchNorm })).toEqual([expect.stringContaining('prototxt, freeze or freezeAfter:<iterations>')]);
  },
);

test.each(['many', '', ' ', '0x', 'Infinity', '-1'])('on a command line, %j is not a number', (text) => {
  expect(problems({ baseLr: text }, 'command line')).toEqual([
    `the option --base-lr takes a number of at least 0, not '${text}'; `,
  ]);
});

test('everything that is wrong is told at once; the rest is there', () => {
  const { options, diagnostics } = parseOptions(OPTION_LIST, { maxIter: 0, iterations: 5, compat: 'amct', mode: 'x' });
  expect(options).toEqual({ compat: 'amct' });
  expect(diagnostics.map(({ code }) => code)).toEqual(['option-value', 'unknown-option', 'option-value']);
});

test('an option that has to be there', () => {
  const declared = { net: { type: 'string', description: '', required: true } } as const;
  expect(parseOptions(declared, {}, 'command line').diagnostics[0]?.message).toBe('the option --net is missing');
});
