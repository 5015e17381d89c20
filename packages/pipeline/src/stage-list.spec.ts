import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { STAGE_NAMES } from './stage-declaration.ts';
import { STAGES, stagesBefore } from './stage-list.ts';

test.each(STAGE_NAMES)('%s reads only what runs before it', (stage) => {
  const before = STAGE_NAMES.slice(0, STAGE_NAMES.indexOf(stage));
  for (const earlier of Object.keys(STAGES[stage].reads)) expect(before).toContain(earlier);
});

test.each(STAGE_NAMES)('%s is stored only where it follows from files that are cached or read in full', (stage) => {
  const { stored, cached, reads } = STAGES[stage];
  if (stored) expect(cached).toBe(true);
  if (stored) expect(Object.keys(reads).length).toBeGreaterThan(0);
});

test.each(STAGE_NAMES)('%s reads only files that the earlier stages are declared to write', (stage) => {
  for (const earlier of stagesBefore(stage)) {
    const reads = STAGES[stage].reads[earlier]!;
    if (reads !== 'all') expect(STAGES[earlier].writes).toEqual(expect.arrayContaining([...reads]));
  }
});

test('every stage has a folder of its own, and every folder is one of a stage', () => {
  const folders = readdirSync(join(__dirname, 'stages'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  expect(folders.map(({ name }) => name).sort()).toEqual([...STAGE_NAMES].sort());
});

test('stagesBefore is in the order of work', () => {
  expect(stagesBefore('train')).toEqual(['fingerprint', 'resolve', 'calibrate']);
  expect(stagesBefore('fingerprint')).toEqual([]);
});
