import { encodeModel } from './encode-model.ts';
import type { Device } from './device.ts';
import { GraphBuilder } from './graph-builder.ts';
import { BLOCKED } from './in-blocks.ts';
import { floatTensor, openSession } from './session.ts';

/** Channels of the probe: fewer than any block has, and as many as the operator asks for. */
const PROBED = 4;

let ofProcessor: Promise<number> | undefined;

/**
 * Channels in one block of onnxruntime's convolution kernels for this processor (16 with AVX-512, 8 on other x86 ones), or
 * 1 where it has none, as on ARM, and on every other device. onnxruntime's own optimizer takes these kernels where weights are
 * constants only, which those of a training are not.
 */
export function channelBlock(device: Device = 'cpu'): Promise<number> {
  if (device !== 'cpu') return Promise.resolve(1);
  return (ofProcessor ??= probe());
}

/** What onnxruntime says of an operator that its build, or this processor, does not have. */
const MISSING = /is not a registered function|could not find an implementation|not_implemented/i;

/**
 * Channels are filled up to whole blocks, and the shape of the result tells how far. Any other failure than a missing
 * operator is passed on: going on without blocks would give other bytes.
 */
async function probe(): Promise<number> {
  const g = new GraphBuilder();
  const shape = [1, PROBED, 1, 1];
  g.output('y', g.op('ReorderInput', [g.input('x', shape)], {}, shape, 'float', BLOCKED));
  try {
    const session = await openSession(encodeModel(g, { name: 'probe' }), { threads: 1 });
    const { y } = await session.run({ x: floatTensor(new Float32Array(PROBED), shape) });
    await session.release();
    const block = y!.dims[1]!;
    return block > PROBED ? block : 1;
  } catch (error) {
    if (error instanceof Error && MISSING.test(error.message)) return 1;
    throw error;
  }
}
