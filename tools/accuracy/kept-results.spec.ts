import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeptResults } from './kept-results.ts';

const folder = mkdtempSync(join(tmpdir(), 'kept-results-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('results outlive a run that is killed while it writes one', () => {
  const file = join(folder, 'results.jsonl');
  const first = new KeptResults(file, 8);
  first.add({ net: 'LeNet', seed: 1 }, { accuracy: 0.91 });
  appendFileSync(file, '{"version":8,"of":{"net":"LeNet","seed":2},"fou');
  const second = new KeptResults(file, 8);
  expect(second.find({ net: 'LeNet', seed: 1 })).toEqual({ accuracy: 0.91 });
  expect(second.find({ net: 'LeNet', seed: 2 })).toBeUndefined();
  second.add({ net: 'LeNet', seed: 2 }, { accuracy: 0.92 });
  expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(3);
  expect(new KeptResults(file, 8).find({ net: 'LeNet', seed: 2 })).toEqual({ accuracy: 0.92 });
});

test('results of other numbers are not taken for these', () => {
  const file = join(folder, 'other.jsonl');
  new KeptResults(file, 7).add({ net: 'LeNet' }, { accuracy: 0.5 });
  const now = new KeptResults(file, 8);
  expect(now.find({ net: 'LeNet' })).toBeUndefined();
  now.add({ net: 'LeNet' }, { accuracy: 0.91 });
  expect(new KeptResults(file, 8).find({ net: 'LeNet' })).toEqual({ accuracy: 0.91 });
  expect(new KeptResults(file, 7).find({ net: 'LeNet' })).toEqual({ accuracy: 0.5 });
});
