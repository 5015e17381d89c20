import { smallProject, SMALL_PROJECT } from '../packages/pipeline/src/testing/small-project.ts';
import { TemporaryWorkspace } from './support/temporary-workspace.ts';

/** The search for an accuracy through real Nx: a task for each attempt, the cache, a stop in the middle. */

const FOUND = 'dist/quantize/small/search';

let repository: TemporaryWorkspace;
beforeAll(() => {
  repository = new TemporaryWorkspace();
  repository.remove('models');
  const net = SMALL_PROJECT['train_val.prototxt']!.replace(
    '  top: "label"\n',
    '  transform_param { scale: 0.00390625 }\n',
  ).replace(/layer \{ name: "loss".*\n/, 'layer { name: "prob" type: "Softmax" bottom: "ip3" top: "prob" }\n');
  smallProject(repository.path, {
    'train_val.prototxt': net,
    'quant.cfg': 'retrain_data_quant_config: { ulq_quantize: { } }\n',
    'solver.prototxt': SMALL_PROJECT['solver.prototxt']!.replace('max_iter: 20', 'max_iter: 60000'),
    'thresholds.json': '{ "accuracy": "190 dB", "maxFloatLayers": 0 }',
  });
  const targets = { 'quantize-retrain': { options: { mode: 'distill' } } };
  const projects = { small: { root: 'models/small', targets } };
  repository.write('workspace.json', JSON.stringify({ version: 2, projects }));
});
afterAll(() => repository.remove());

const found = () => JSON.parse(repository.read(`${FOUND}/search.json`)) as { best: string; holds: boolean };

test('a search that is stopped while it trains goes on from what is done; the first that holds ends it', async () => {
  const stopped = await repository.interruptedNx('iterations to go', 'run', 'small:quantize-search', '--parallel=2');
  expect(stopped.status).not.toBe(0);
  expect(stopped.output).toContain('quantize-search-trained-tenth was interrupted');
  // Any calibration does: what was measured before the stop is looked at anew, not measured anew.
  repository.write('models/small/thresholds.json', '{ "accuracy": "1 dB" }');
  const held = await repository.nx('run', 'small:quantize-search', '--parallel=2');
  expect(held.status).toBe(0);
  expect(found()).toMatchObject({ best: 'calibrated', holds: true });
  expect(held.output).not.toContain('calibrated 3 of 3 quantizers');
  expect(repository.read(`${FOUND}/quant.cfg`)).toContain('quantize-search, attempt calibrated: prob SQNR dB is');
  const again = await repository.nx('run', 'small:quantize-search');
  expect(again.status).toBe(0);
  expect(again.output).toContain('Nx read the output from the cache instead of running the command for');
  expect(again.ran).toEqual(['fingerprint']);
});
