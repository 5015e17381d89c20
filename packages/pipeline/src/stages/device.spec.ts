import type { TrainingResult } from '@caffe-quant/report';
import { runAll } from '../testing/run-all.ts';
import { smallProject } from '../testing/small-project.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import type { Fingerprint } from './fingerprint/fingerprint.ts';

const folder = temporaryFolder();

const CHECKED = 'what webgpu makes of this net is held against the processor first';

test('a device is recorded, and what has been checked is not checked again; without one it is said what to install', async () => {
  const place = smallProject(folder.path);
  const first = await runAll(place, { device: 'webgpu', maxIter: 3 }, 'train');
  if (first.failed === 'calibrate') {
    process.stderr.write(
      'NOT TESTED, for want of a WebGPU adapter: that a device is recorded, and not checked again\n',
    );
    expect(first.errors).toMatch(
      /the device 'webgpu' cannot be used .*\n\s+hint: webgpu needs .*leave the option device out/,
    );
    return;
  }
  expect(first.errors).toBe('');
  expect(first.printed).toMatch(/computed by webgpu \(.+\)/);
  // Calibration and training.
  expect(first.printed.split(CHECKED)).toHaveLength(3);
  expect(first.printed).toMatch(/iteration 3 of 3 on webgpu: loss/);
  expect(first.printed).toMatch(/each iteration sends .*data and labels 488 B.*; .* stay on the device/);
  const { device } = first.json<Fingerprint>('fingerprint/fingerprint.json');
  expect(device).toMatchObject({ device: 'webgpu', listings: expect.any(Array) });
  expect(first.json<TrainingResult>('train/training.json').device).toMatchObject({
    name: 'webgpu',
    toDevice: { data: 488 },
    kept: expect.any(Number),
  });
  const second = await runAll(place, { device: 'webgpu', maxIter: 4 }, 'train');
  expect(second).toMatchObject({ success: true, errors: '' });
  expect(second.printed).toContain('iteration 4 of 4 on webgpu');
  expect(second.printed).not.toContain(CHECKED);
});

test('the processor is no device: nothing is recorded of it', async () => {
  const run = await runAll(smallProject(folder.path), { maxIter: 2 }, 'train');
  expect(run.json<Fingerprint>('fingerprint/fingerprint.json').device).toBeUndefined();
  expect(run.json<TrainingResult>('train/training.json').device).toBeUndefined();
  expect(run.printed).not.toMatch(/computed by| on cpu|sends/);
});
