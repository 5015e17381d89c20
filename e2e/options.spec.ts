import { smallProject } from '../packages/pipeline/src/testing/small-project.ts';
import { TemporaryWorkspace } from './support/temporary-workspace.ts';

/** Options on the command line of Nx: they reach every stage, each computes anew only what they decide, and a wrong one ends the run before it. */

let repository: TemporaryWorkspace;
beforeAll(() => {
  repository = new TemporaryWorkspace();
  repository.remove('models');
  smallProject(repository.path);
  const quick = { maxIter: 2, outDir: 'dist/quantize/small-quick' };
  const targets = { 'quantize-retrain': { configurations: { quick } } };
  const projects = { small: { root: 'models/small', targets } };
  repository.write('workspace.json', JSON.stringify({ version: 2, projects }, null, 2));
});
afterAll(() => repository.remove());

const run = (...args: string[]) => repository.nx('run', ...args);
const iterations = (folder = 'small') =>
  repository.read(`dist/quantize/${folder}/resolve/train.json`).match(/max_iter: (\d+)/)?.[1];

test('an option computes anew what it decides', async () => {
  expect(await run('small:quantize-train', '--maxIter=3')).toMatchObject({ status: 0, cached: [] });
  expect(iterations()).toBe('3');
  expect(await run('small:quantize-train', '--maxIter', '4')).toMatchObject({
    ...{ status: 0, ran: ['fingerprint', 'resolve', 'train'], cached: ['calibrate'] },
  });
  expect(iterations()).toBe('4');
  expect(await run('small:quantize-train', '--maxIter=3')).toMatchObject({ status: 0, ran: ['fingerprint'] });
  expect(iterations()).toBe('3');
});

test('both spellings are one option', async () => {
  const { status, ran, output } = await run('small:quantize-train', '--max-iter=3');
  // Nx knows the task that is asked for by what is typed; what it has computed is in the store.
  expect({ status, ran }).toEqual({ status: 0, ran: ['fingerprint', 'train'] });
  expect(output).toContain('quantize-train: nothing it depends on has changed');
});

test('it reaches all stages of the whole run', async () => {
  expect(await run('small:quantize-retrain', '--maxIter=3')).toMatchObject({
    status: 0,
    cached: ['resolve', 'calibrate'],
  });
  expect(repository.read('dist/quantize/small/retrain/summary.txt')).toContain('QAT fake-quant');
});

test('it goes over a configuration, and to any stage that is asked for', async () => {
  expect(await run('small:quantize-resolve:quick', '--maxIter=5', '--prefix=007')).toMatchObject({ status: 0 });
  expect(iterations('small-quick')).toBe('5');
  expect(JSON.parse(repository.read('dist/quantize/small-quick/resolve/export.json'))).toMatchObject({ prefix: '007' });
});

test('all that is wrong is told before the first stage', async () => {
  repository.write('models/small/thresholds.json', '{ "maxDrops": 0.1 }');
  const { status, output, ran } = await run('small:quantize-retrain:quik', '--maxItr=3', '--mode=best');
  repository.remove('models/small/thresholds.json');
  expect({ status, ran }).toEqual({ status: 1, ran: [] });
  expect(output.match(/\berror: .*/g)).toEqual([
    'error: there is no option --maxItr',
    "error: the option --mode takes retrain, calibrate or distill, not 'best'",
    'error: small:quantize-retrain has no configuration quik',
    'error: there is no threshold maxDrops',
  ]);
  expect(output).not.toMatch(/^\s+at /m);
});
