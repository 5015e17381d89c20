import { runIn } from '../testing/run-in.ts';
import { SMALL_PROJECT, smallProject } from '../testing/small-project.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { calibrateStage } from './calibrate/stage.ts';
import { explainStage } from './explain/stage.ts';
import { fingerprintStage } from './fingerprint/stage.ts';
import { resolveStage } from './resolve/stage.ts';

/** What does not fit into memory is refused from shapes alone, before anything is computed. */
const folder = temporaryFolder();

async function calibrate(changes: Record<string, string>, memoryLimit?: string) {
  const place = smallProject(folder.path, changes);
  const options = memoryLimit === undefined ? {} : { memoryLimit };
  for (const stage of [fingerprintStage, resolveStage]) {
    const { success, errors } = await runIn(place, stage, options);
    if (!success) return errors;
  }
  const { success, errors } = await runIn(place, calibrateStage, options);
  return success ? 'calibrated' : errors;
}

const net = SMALL_PROJECT['train_val.prototxt']!;
const withBatch = (size: number) => ({ 'train_val.prototxt': net.replace('batch_size: 2', `batch_size: ${size}`) });

test('a run that fits is none of it', async () => {
  expect(await calibrate({}, '2GB')).toBe('calibrated');
});

test('a part of the run that takes more than memoryLimit is told with its layers', async () => {
  const errors = await calibrate(withBatch(1_000_000), '1GB');
  expect(errors).toMatch(
    /train_val\.prototxt:\d+: error: layer `ip1`: calibration takes about 2\.\d GB of memory \(weights \d+ kB, data 1\.5 GB, of the layers ip1 300 MB, /,
  );
  expect(errors).toMatch(/more than the 1\.0 GB that a run may take[^]*hint: a smaller batch_size/);
});

test.each([
  [1_000_000_000, /its top 'data' \[1000000000, 3, 4, 5\] has more elements than a blob can have, 2147483647/],
  [30_000_000, /Data: \[30000000, 3, 4, 5\] takes 7\.2 GB, more than the memory of 2\.0 GB/],
])('a batch of %s is an error of the layer that brings it', async (size, message) => {
  const errors = await calibrate(withBatch(size), '2GB');
  expect(errors).toMatch(/train_val\.prototxt:2: error: layer `data`: Data: /);
  expect(errors).toMatch(message);
});

test.each(['much', '-1GB', '0'])('memoryLimit: %s is no size', async (limit) => {
  expect(await calibrate({}, limit)).toContain(`error: the option memoryLimit is '${limit}', which is not a size`);
});

test('explain tells the peak of each part of a run; without data it says why it cannot', async () => {
  const place = smallProject(folder.path);
  expect((await runIn(place, explainStage)).printed).toMatch(
    /peak memory, estimated:\n {2}calibration: about \d+ MB .*\n {2}the test of the net: about .*\n {2}training: about \d+ MB of memory \(weights /,
  );
  const { printed, success } = await runIn(
    smallProject(folder.path, { 'train_val.prototxt': net.replace('source: "data"', 'source: "elsewhere"') }),
    explainStage,
  );
  expect(success).toBe(true);
  expect(printed).toMatch(/peak memory: not estimated, .*elsewhere/);
});
