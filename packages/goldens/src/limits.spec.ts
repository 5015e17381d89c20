import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GOLDEN_LIMITS } from './limits.ts';

/** Rows of docs/gpu.md, without the spaces that line their cells up. */
const rows = readFileSync(join(__dirname, '../../../docs/gpu.md'), 'utf8')
  .split('\n')
  .map((line) => line.replace(/ *\| */g, '|'));

const limits = Object.entries(GOLDEN_LIMITS).flatMap(([set, quantities]) =>
  Object.entries(quantities).map(([quantity, limit]) => [set, quantity, limit] as const),
);

test.each(limits)('docs/gpu.md has the tolerance of %s: %s', (set, quantity, { cpu, webgpu, ...untried }) => {
  const row = rows.find((line) => line.startsWith(`|${set}|${quantity}|`));
  expect(row?.split('|').slice(3, 5).map(Number)).toEqual([cpu, webgpu]);
  expect(Object.values(untried)).toEqual([webgpu, webgpu, webgpu]);
});

test('docs/gpu.md has no other tolerances', () => {
  const begin = rows.findIndex((line) => line.startsWith('|set|'));
  const length = rows.slice(begin + 2).findIndex((line) => !line.startsWith('|'));
  expect(length).toBe(limits.length);
});
