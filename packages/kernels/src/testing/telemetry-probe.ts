/**
 * Opens a session, in a process of its own: `main`, in its main thread; `worker`, in a worker thread with a copy of the
 * environment; `worker-of-a-switched-off-process`, likewise, after the main thread has switched the telemetry off.
 * Prints `computed`, or the diagnostic.
 */
import { isMainThread, Worker } from 'node:worker_threads';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { encodeModel } from '../graph/encode-model.ts';
import { GraphBuilder } from '../graph/graph-builder.ts';
import { switchTelemetryOff } from '../graph/onnxruntime.ts';
import * as ops from '../graph/ops.ts';
import { floatTensor, openSession } from '../graph/session.ts';

async function compute(): Promise<string> {
  const g = new GraphBuilder();
  const x = g.input('x', [2]);
  g.output('y', ops.add(g, x, x));
  try {
    const session = await openSession(encodeModel(g, { name: 'doubling' }), { threads: 1 });
    await session.run({ x: floatTensor(Float32Array.of(1, 2), [2]) });
    await session.release();
    return 'computed';
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    return error.diagnostics.map(({ code, message }) => `${code}: ${message}`).join('\n');
  }
}

const where = process.argv[2];
if (isMainThread && where !== 'main') {
  if (where === 'worker-of-a-switched-off-process') switchTelemetryOff();
  new Worker(process.argv[1]!, { argv: ['worker'] });
} else {
  void compute().then((said) => process.stdout.write(said));
}
