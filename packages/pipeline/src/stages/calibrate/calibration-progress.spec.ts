import { CalibrationProgress, ROUNDED_LAYERS } from './calibration-progress.ts';

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

test('layers whose rounding is learned are told as such', () => {
  const lines: string[] = [];
  let now = 0;
  const progress = new CalibrationProgress(4, (line) => lines.push(line), () => now, ROUNDED_LAYERS); // prettier-ignore
  now = 15_000;
  progress.found();
  expect(lines).toEqual(['learned the rounding of 1 of 4 layers, about 45 s to go']);
});
