/**
 * The steps of one training, float or QAT, alone in this process: reads a `StepRequest` from stdin and prints `StepFigures`.
 * With a folder as argument onnxruntime writes the profile of every session there. `train-step.ts` runs it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSolverText } from '@caffe-quant/caffe-io';
import { initialWeights, loadOnnxruntime, Trainer } from '@caffe-quant/kernels';
import { CLIP, planOf } from './nets.ts';
import { batchOf, MOMENTUM, RATE, SEED, trainGraph, WEIGHT_DECAY } from './step-request.ts';
import type { StepFigures, StepRequest } from './step-request.ts';

const request = JSON.parse(readFileSync(0, 'utf8')) as StepRequest;
const [profileFolder] = process.argv.slice(2);
if (profileFolder !== undefined) await profileSessions(profileFolder);
console.log(JSON.stringify(await measure(request)));

async function measure({ text, shapes, classes, kind, threads, warmUp, steps }: StepRequest): Promise<StepFigures> {
  await loadOnnxruntime();
  const graph = trainGraph(text);
  const inputShapes = new Map(Object.entries(shapes));
  const weights = initialWeights(graph, inputShapes, SEED);
  const { solver } = readSolverText(
    `base_lr: ${RATE} lr_policy: "fixed" momentum: ${MOMENTUM} weight_decay: ${WEIGHT_DECAY}`,
    'solver.prototxt',
  );
  const plan = planOf(graph);
  const quantization = kind === 'QAT' && { plan, clips: new Map(plan.quantizers.map(({ name }) => [name, CLIP])) };
  const batch = batchOf({ shapes, classes });
  const before = residentMiB('VmRSS');
  const trainer = await Trainer.create({ graph, solver, inputShapes, weights, threads, ...quantization });
  const times: number[] = [];
  const losses: number[] = [];
  for (let i = 0; i < warmUp + steps; i++) {
    const started = performance.now();
    const { loss } = await trainer.step(batch);
    times.push(performance.now() - started);
    losses.push(loss);
  }
  const peak = residentMiB('VmHWM');
  await trainer.close();
  return { times: times.slice(warmUp), losses, before, peak };
}

/** Resident memory of this process, now (`VmRSS`) or at most so far (`VmHWM`), as Linux says. */
function residentMiB(field: 'VmRSS' | 'VmHWM'): number {
  const kib = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  if (kib === undefined) throw new Error(`/proc/self/status has no ${field}`);
  return Number(kib) / 1024;
}

/** Every session that is opened from now on writes its profile to the folder when it is released. */
async function profileSessions(folder: string): Promise<void> {
  const { InferenceSession } = await loadOnnxruntime();
  const create = InferenceSession.create.bind(InferenceSession) as (
    model: Uint8Array,
    options: object,
  ) => ReturnType<typeof InferenceSession.create>;
  let count = 0;
  Object.assign(InferenceSession, {
    create: (model: Uint8Array, options: object) =>
      create(model, { ...options, enableProfiling: true, profileFilePrefix: join(folder, `session-${count++}`) }),
  });
}
