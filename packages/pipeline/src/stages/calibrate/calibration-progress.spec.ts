import { CalibrationProgress } from './calibration-progress.ts';

test('a line at most every ten seconds, and none at the end', () => {
  const lines: string[] = [];
  let now = 1000;
  const progress = new CalibrationProgress(
    5,
    (line) => lines.push(line),
    () => now,
  );
  for (const time of [4000, 14_000, 21_000, 61_000, 90_000]) {
    now = time;
    progress.found();
  }
  expect(lines).toEqual([
    'calibrated 2 of 5 quantizers, about 20 s to go',
    'calibrated 4 of 5 quantizers, about 15 s to go',
  ]);
});
