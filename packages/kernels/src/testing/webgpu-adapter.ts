import { spawnSync } from 'node:child_process';
import { encodeModel } from '../graph/encode-model.ts';
import { GraphBuilder } from '../graph/graph-builder.ts';
import * as ops from '../graph/ops.ts';

/** Opens a session on WebGPU, in a process of its own: whether tests are there has to be known before any of them runs. */
const PROBE = `
const { InferenceSession } = require('onnxruntime-node');
InferenceSession.create(Buffer.from(process.argv[1], 'base64'), { executionProviders: ['webgpu'], logSeverityLevel: 4 }).then(
  () => process.exit(0),
  ({ message }) => { console.log(message.split('\\n')[0]); process.exit(1); },
);`;

/**
 * Whether there is an adapter that WebGPU computes on here; says loudly what is left out where there is none. A software
 * Vulkan will do, such as SwiftShader of Debian's chromium-common: VK_ICD_FILENAMES is where its vk_swiftshader_icd.json is.
 *
 * @throws Error where there is none and there has to be one (`npm run test:webgpu`)
 */
export function hasWebgpuAdapter(leftOut: string): boolean {
  const g = new GraphBuilder();
  const x = g.input('x', [2]);
  g.output('y', ops.add(g, x, x));
  const model = Buffer.from(encodeModel(g, { name: 'probe' })).toString('base64');
  const env = { ...process.env, ORT_DISABLE_TELEMETRY: '1' };
  const { status, stdout } = spawnSync(process.execPath, ['-e', PROBE, model], { env, encoding: 'utf8' });
  if (status !== 0 && process.env['CAFFE_QUANT_NEEDS_WEBGPU']) throw new Error(`no WebGPU adapter: ${stdout}`);
  if (status !== 0) process.stderr.write(`NOT TESTED, for want of a WebGPU adapter: ${leftOut}\n${stdout}`);
  return status === 0;
}
