import { DiagnosticsError } from 'caffe-prototxt-parser';
import type { Device } from './device.ts';
import type { GraphBuilder } from './graph-builder.ts';
import * as ops from './ops.ts';
import { runGraphOn } from './run-once.ts';

/** By device, so that each is asked once in a process. */
const asked = new Map<Device, Promise<boolean>>();

/**
 * All that looks for NaN and infinity on a device looks at sums. A driver may compute as if there were no such numbers (WebGPU
 * allows it); then nothing that goes wrong there would be seen.
 * @throws DiagnosticsError where sums of the device do not show them
 */
export async function expectSumsShowNaN(device: Device): Promise<void> {
  const answer = asked.get(device) ?? sumsShowNaN(device);
  asked.set(device, answer);
  if (await answer) return;
  const message = `sums on the device '${device}' do not show NaN and infinity, so that a training that goes wrong there would not be noticed`;
  const hint = 'device: cpu works, and so may another driver of this device';
  throw new DiagnosticsError([{ code: 'device', severity: 'error', message, hint }]);
}

/** More elements than one workgroup adds up by itself. */
const LENGTH = 5000;

async function sumsShowNaN(device: Device): Promise<boolean> {
  const withOne = (value: number) =>
    Float32Array.from({ length: LENGTH }, (_, i) => (i === LENGTH - 3 ? value : i / LENGTH));
  const feeds = { 'with nan': withOne(Number.NaN), 'with infinity': withOne(Number.POSITIVE_INFINITY) };
  // Behind an operation, and with a sum after it, as in a net.
  const build = (g: GraphBuilder) => {
    const probe = (name: string) => {
      const halves = ops.mul(g, g.input(`with ${name}`, [LENGTH]), g.scalar(0.5));
      return ops.add(g, ops.total(g, halves), g.scalar(1));
    };
    return { nan: probe('nan'), infinity: probe('infinity') };
  };
  const sums = await runGraphOn(device, build, feeds);
  return Object.values(sums).every(([sum]) => !Number.isFinite(sum));
}
