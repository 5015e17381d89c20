import { OPTION_LIST } from '@caffe-quant/pipeline/options';
import { readOptionWords } from './option-words.ts';

const read = (line: string) => {
  const { given, unnamed, diagnostics } = readOptionWords(line === '' ? [] : line.split(' '), OPTION_LIST);
  return { given, unnamed, problems: diagnostics.map(({ message }) => message) };
};

test.each<[line: string, given: Record<string, string | boolean>, unnamed?: string[]]>([
  ['', {}],
  ['--maxIter=20 --base-lr 1e-3', { '--maxIter': '20', '--base-lr': '1e-3' }],
  ['--baseLr -1 --prefix=a=b', { '--baseLr': '-1', '--prefix': 'a=b' }],
  ['--prefix 007', { '--prefix': '007' }],
  ['conv1 --json', { '--json': true }, ['conv1']],
  ['--json conv1', { '--json': true }, ['conv1']],
  ['--json false conv1', { '--json': false }, ['conv1']],
  ['--json=true', { '--json': true }],
  ['--no-json', { '--json': false }],
  ['--maxIter --select=best', { '--maxIter': true, '--select': 'best' }],
  ['-x', { '-x': true }],
])('%s', (line, given, unnamed = []) => expect(read(line)).toEqual({ given, unnamed, problems: [] }));

test('twice is once, if it says the same', () => {
  expect(read('--maxIter=3 --maxIter=3').problems).toEqual([]);
  expect(read('--maxIter=3 --maxIter=4').problems).toEqual(['the option --maxIter is given twice, with other values']);
});
