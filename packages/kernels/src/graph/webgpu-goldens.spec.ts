import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkGoldens, type GoldenResult } from '@caffe-quant/goldens';
import { hasWebgpuAdapter } from '../testing/webgpu-adapter.ts';

const hasAdapter = hasWebgpuAdapter('that quantizers and convolutions give the numbers of Caffe and AMCT there');

const FIXTURES = join(__dirname, '../../fixtures/goldens');
const folder = mkdtempSync(join(tmpdir(), 'webgpu-goldens-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Of all sets, which take minutes (`npm run goldens -- --device webgpu`), those that the provider had wrong. */
const SETS = ['arq', 'ulq', 'quant', 'layers/Convolution', 'layers/Deconvolution'];

(hasAdapter ? test : test.skip).each(SETS)('%s on WebGPU', async (set) => {
  for (const ending of ['json', 'bin'])
    cpSync(join(FIXTURES, `${set}.${ending}`), join(folder, set, `${set}.${ending}`.replace('layers/', '')));
  const results: GoldenResult[] = [];
  for await (const result of checkGoldens(join(folder, set), 'webgpu')) results.push(result);
  expect(results.length).toBeGreaterThan(5);
  expect(results.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
});
