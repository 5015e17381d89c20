import { DiagnosticsError } from 'caffe-prototxt-parser';
import { DEVICES, type Device } from '../graph/device.ts';
import { encodeModel } from '../graph/encode-model.ts';
import { GraphBuilder } from '../graph/graph-builder.ts';
import * as ops from '../graph/ops.ts';
import { loadOnnxruntime } from '../graph/onnxruntime.ts';
import { floatTensor, openSession } from '../graph/session.ts';
import type { System } from './system.ts';
import { checkDevice } from './unavailable-device.ts';

/** A system without files and programs. */
const NOTHING: Pick<System, 'read' | 'list' | 'real' | 'run'> = {
  read: () => undefined,
  list: () => [],
  real: (path) => path,
  run: () => undefined,
};

function doubling(): Uint8Array {
  const g = new GraphBuilder();
  const x = g.input('x', [2]);
  g.output('y', ops.add(g, x, x));
  return encodeModel(g, { name: 'doubling' });
}

/** `works`, or what the user is told. */
async function attempt(device: Device): Promise<string> {
  try {
    const session = await openSession(doubling(), { device });
    const { y } = await session.run({ x: floatTensor(Float32Array.of(1, 2), [2]) });
    await session.release();
    expect([...(y!.data as Float32Array)]).toEqual([2, 4]);
    return 'works';
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    const [diagnostic] = error.diagnostics;
    expect(diagnostic).toMatchObject({ code: 'device', severity: 'error' });
    return `${diagnostic!.message}; ${diagnostic!.hint}`;
  }
}

test('the processor computes everywhere', async () => {
  expect(await attempt('cpu')).toBe('works');
});

test.each(DEVICES.filter((device) => device !== 'cpu'))(
  '%s computes, or the error says what it needs',
  async (device) => {
    const result = await attempt(device);
    if (result === 'works') return;
    expect(result).toContain(`the device '${device}' cannot be used`);
    expect(result).toContain(`${device} `);
    expect(result).toMatch(/or leave the option device out$/);
    const { listSupportedBackends } = await loadOnnxruntime();
    const offered = listSupportedBackends().map(({ name }) => name as string);
    if (!offered.includes(device)) expect(result).toContain(`it offers ${offered.join(', ')}`);
  },
);

test.each([
  ['names a driver that is not there', { VK_DRIVER_FILES: '/nowhere/icd.json' }, 'VK_DRIVER_FILES=/nowhere/icd.json'],
  ['has none in the folders of the loader', {}, '/etc/vulkan/icd.d'],
])('without a driver of Vulkan the engine is not asked: the system %s', async (_, environment, lookedIn) => {
  const { listSupportedBackends } = await loadOnnxruntime();
  if (!listSupportedBackends().some(({ name }) => name === 'webgpu')) return;
  const empty = { ...{ platform: 'linux' as const, release: '6.1', home: '/home/me', environment }, ...NOTHING };
  const error: unknown = await checkDevice('webgpu', empty).catch((each: unknown) => each);
  expect(error).toBeInstanceOf(DiagnosticsError);
  const [diagnostic] = (error as DiagnosticsError).diagnostics;
  expect(diagnostic).toMatchObject({ code: 'device', hint: expect.stringContaining('libvulkan1') });
  expect(diagnostic!.message).toContain('it finds no graphics adapter');
  expect(diagnostic!.message).toContain(lookedIn);
});

test('a model that no device takes is not blamed on the device', async () => {
  const { listSupportedBackends } = await loadOnnxruntime();
  // One that is asked for a session whatever the system has.
  const device = listSupportedBackends()
    .map(({ name }) => name as Device)
    .find((name) => ['cuda', 'dml', 'coreml'].includes(name));
  if (device === undefined) return;
  await expect(openSession(Uint8Array.of(1, 2, 3), { device })).rejects.not.toBeInstanceOf(DiagnosticsError);
});
