import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeptResults } from './kept-results.ts';

const folder = mkdtempSync(join(tmpdir(), 'kept-results-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('results outlive a run that is killed while it writes one', () => {
  const file = join(folder, 'results.jsonl');
  const first = new KeptResults(file);
  first.add({ net: 'LeNet', seed: 1 }, { accuracy: 0.91 });
  appendFileSync(file, '{"of":{"net":"LeNet","seed":2},"fou');
  const second = new KeptResults(file);
  expect(second.find({ net: 'LeNet', seed: 1 })).toEqual({ accuracy: 0.91 });
  expect(second.find({ net: 'LeNet', seed: 2 })).toBeUndefined();
  second.add({ net: 'LeNet', seed: 2 }, { accuracy: 0.92 });
  expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(3);
  expect(new KeptResults(file).find({ net: 'LeNet', seed: 2 })).toEqual({ accuracy: 0.92 });
});
