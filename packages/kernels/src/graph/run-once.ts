import type { Tensor } from 'onnxruntime-node';
import { channelBlock } from './channel-block.ts';
import type { Device } from './device.ts';
import { encodeModel } from './encode-model.ts';
import { GraphBuilder, type Value } from './graph-builder.ts';
import { openSession, type SessionOptions, tensor, type TensorData } from './session.ts';

/**
 * Builds a graph with `build`, runs it once on `feeds` (by input name) and gives the outputs that `build` returned.
 * @param block - default: what `channelBlock` tells of this machine.
 */
export async function runGraph(
  build: (g: GraphBuilder) => Record<string, Value>,
  feeds: Record<string, TensorData>,
  threads = 1,
  block?: number,
): Promise<Record<string, Float32Array>> {
  return runBlocked(build, feeds, block ?? (await channelBlock()), { threads });
}

/** The same on a device, whose results nobody has held against the processor's. */
export async function runGraphOn(
  device: Device | undefined,
  build: (g: GraphBuilder) => Record<string, Value>,
  feeds: Record<string, TensorData>,
  threads = 1,
): Promise<Record<string, Float32Array>> {
  return runBlocked(build, feeds, await channelBlock(device), { threads, device });
}

async function runBlocked(
  build: (g: GraphBuilder) => Record<string, Value>,
  feeds: Record<string, TensorData>,
  block: number,
  options: SessionOptions,
): Promise<Record<string, Float32Array>> {
  const g = new GraphBuilder({ channelBlock: block });
  for (const [name, value] of Object.entries(build(g))) g.output(name, value);
  const session = await openSession(encodeModel(g, { name: 'once' }), options);
  try {
    const inputs: Record<string, Tensor> = {};
    for (const { name, type, shape } of g.inputs) inputs[name] = tensor(type, feeds[name]!, shape);
    const outputs = await session.run(inputs);
    return Object.fromEntries(Object.entries(outputs).map(([name, output]) => [name, output.data as Float32Array]));
  } finally {
    await session.release();
  }
}
