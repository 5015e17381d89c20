import { DiagnosticsError } from 'caffe-prototxt-parser';
import { DEVICES, type Device } from '../graph/device.ts';
import { encodeModel } from '../graph/encode-model.ts';
import { GraphBuilder } from '../graph/graph-builder.ts';
import * as ops from '../graph/ops.ts';
import { loadOnnxruntime } from '../graph/onnxruntime.ts';
import { floatTensor, openSession } from '../graph/session.ts';

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

test('a model that no device takes is not blamed on the device', async () => {
  await expect(openSession(Uint8Array.of(1, 2, 3), { device: 'webgpu' })).rejects.not.toBeInstanceOf(DiagnosticsError);
});
