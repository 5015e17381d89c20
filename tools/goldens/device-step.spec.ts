import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { StepDifference, StepRequest } from './device-step.ts';

const LOADER = ['--conditions=@caffe-quant/source', '--import', '@swc-node/register/esm-register'];

test.each(['float', 'QAT'] as const)('a step of LeNet, %s, is what itself is', (kind) => {
  const request: StepRequest = { net: 'LeNet', kind, batch: 2, device: 'cpu' };
  const command = [...LOADER, join(__dirname, 'device-step.ts')];
  const text = execFileSync(process.execPath, command, { input: JSON.stringify(request), encoding: 'utf8' });
  const { losses, gradient, first } = JSON.parse(text) as StepDifference;
  expect(losses[0]).toBeGreaterThan(0);
  expect(losses[1]).toBe(losses[0]);
  // Of gradients that are there.
  expect(gradient).toMatchObject({ of: expect.stringMatching(/^\w+\/\d$/), error: 0 });
  expect(Math.min(...first)).toBeGreaterThan(0);
});
