import { STAGE_NAMES, STAGES, stagesBefore } from './stage-list.ts';

test.each(STAGE_NAMES)('%s reads only what runs before it', (stage) => {
  const before = STAGE_NAMES.slice(0, STAGE_NAMES.indexOf(stage));
  for (const earlier of Object.keys(STAGES[stage].reads)) expect(before).toContain(earlier);
});

test.each(STAGE_NAMES)('%s is stored only where it follows from files that are cached or read in full', (stage) => {
  const { stored, cached, reads } = STAGES[stage];
  if (stored) expect(cached).toBe(true);
  if (stored) expect(Object.keys(reads).length).toBeGreaterThan(0);
});

test('stagesBefore is in the order of work', () => {
  expect(stagesBefore('train')).toEqual(['fingerprint', 'resolve', 'calibrate']);
  expect(stagesBefore('fingerprint')).toEqual([]);
});
