import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StageOptions } from '../../stage-options.ts';
import { runIn } from '../../testing/run-in.ts';
import { smallProject, SMALL_PROJECT, writeWeights } from '../../testing/small-project.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { calibrateStage } from './stage.ts';
import { fingerprintStage } from '../fingerprint/stage.ts';
import { resolveStage } from '../resolve/stage.ts';

/** An edit of quant.cfg calibrates anew what it touches, and what follows on that. */
const folder = temporaryFolder();

const IFMR = SMALL_PROJECT['quant.cfg']!.replace('clip_max_min: { clip_max: 6.0 clip_min: -6.0 }', '').replace(
  'skip_layers: "ip3"\n',
  '',
);
const override = (layer: string) =>
  `${IFMR}override_layer_configs: { layer_name: "${layer}" retrain_data_quant_config: { ulq_quantize: { clip_max_min: { clip_max: 40 clip_min: -40 } } } }\n`;

async function calibrated(options: StageOptions = {}): Promise<{ found: string; text: string }> {
  const place = { name: 'small', root: join(folder.path, 'models/small'), workspaceRoot: folder.path };
  let printed = '';
  for (const stage of [fingerprintStage, resolveStage, calibrateStage]) {
    const run = await runIn(place, stage, options);
    expect([run.success, run.errors.includes('error:')]).toEqual([true, false]);
    printed += run.printed;
  }
  const found = /calibrated (\d of \d)/.exec(printed)?.[1] ?? (printed.includes('taken from') ? 'the store' : 'all');
  return { found, text: readFileSync(join(folder.path, 'dist/quantize/small/calibrate/calibration.json'), 'utf8') };
}

test.each([
  ['ip1', '3 of 3'],
  ['ip2', '2 of 3'],
  ['ip3', '1 of 3'],
])('an override of %s calibrates %s quantizers, with the result of calibrating all', async (layer, expected) => {
  const place = smallProject(folder.path, { 'quant.cfg': IFMR });
  expect((await calibrated()).found).toBe('all');
  writeFileSync(join(place.root, 'quant.cfg'), override(layer));
  const { found, text } = await calibrated();
  expect(found).toBe(expected === '3 of 3' ? 'all' : expected);
  process.env['NX_SKIP_NX_CACHE'] = 'true';
  try {
    expect(await calibrated()).toEqual({ found: 'all', text });
  } finally {
    delete process.env['NX_SKIP_NX_CACHE'];
  }
});

test('other weights, or another seed, calibrate all', async () => {
  const place = smallProject(folder.path, { 'quant.cfg': IFMR });
  await calibrated();
  expect((await calibrated()).found).toBe('the store');
  writeWeights(join(place.root, 'small.caffemodel'), 3);
  expect((await calibrated()).found).toBe('all');
  writeFileSync(join(place.root, 'solver.prototxt'), `${SMALL_PROJECT['solver.prototxt']}random_seed: 7\n`);
  expect((await calibrated()).found).toBe('all');
});
