import { TemporaryWorkspace } from './support/temporary-workspace.ts';

/** Nx kills a task five seconds after it has told it to stop: by then the training is saved, and the next run goes on. */

const TRAINED = 'dist/quantize/model/train';

let repository: TemporaryWorkspace;
beforeAll(() => {
  repository = new TemporaryWorkspace();
  repository.edit('workspace.json', '"config": "quant.cfg"', '"config": "quant.cfg", "maxIter": 60');
});
afterAll(() => repository.remove());

test('a run that is told to stop ends in time; the next one goes on, and makes the bytes of a run without a stop', async () => {
  const stopped = await repository.interruptedNx('iterations to go', 'run', 'model:quantize-train');
  expect(stopped.status).not.toBe(0);
  // A task that is killed says nothing of it.
  expect(stopped.output).toContain('quantize-train was interrupted');
  const resumed = await repository.nx('run', 'model:quantize-train');
  expect(resumed).toMatchObject({ status: 0, ran: ['fingerprint', 'train'] });
  expect(resumed.output).toMatch(/going on after iteration \d+ of an interrupted run/);
  const bytes = repository.contents(TRAINED);
  const whole = await repository.nx('run', 'model:quantize-train', '--skip-nx-cache');
  expect(whole.output).not.toContain('interrupted');
  expect(repository.contents(TRAINED)).toEqual(bytes);
});
