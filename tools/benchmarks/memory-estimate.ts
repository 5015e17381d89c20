/**
 * The peak memory of training that is estimated from shapes alone, against what a process of its own had resident: the five nets
 * of `bench-training`, float and quantized. Prints Markdown. Linux.
 *
 *   node --conditions=@caffe-quant/source --import @swc-node/register/esm-register tools/benchmarks/memory-estimate.ts [net ..]
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { readSolverText } from '@caffe-quant/caffe-io';
import { estimateTraining } from '@caffe-quant/kernels';
import { NETS, planOf } from './nets.ts';
import { shapesOf, type StepFigures, type StepRequest, trainGraph } from './step-request.ts';

const { solver } = readSolverText(
  'base_lr: 0.001 lr_policy: "fixed" momentum: 0.9 weight_decay: 0.001',
  'solver.prototxt',
);
const MIB = 2 ** 20;

console.log('| net | batch | kind | estimated MiB | measured MiB | estimated / measured |');
console.log('| --- | ---: | --- | ---: | ---: | ---: |');
const given = process.argv.slice(2);
for (const label of given.length > 0 ? given : Object.keys(NETS)) {
  const net = NETS[label]!();
  const batch = label === 'LeNet' ? 64 : 16;
  const shapes = shapesOf({ label, net, batch });
  const graph = trainGraph(net.text);
  for (const kind of ['float', 'QAT'] as const) {
    const inputShapes = new Map(Object.entries(shapes));
    const { bytes } = estimateTraining({ graph, inputShapes, solver, ...(kind === 'QAT' && { plan: planOf(graph) }) });
    const { peak } = measured({ text: net.text, classes: net.classes, shapes, kind, threads: 2, warmUp: 1, steps: 2 });
    const [ours, real] = [bytes / MIB, peak];
    console.log(
      `| ${label} | ${batch} | ${kind} | ${ours.toFixed(0)} | ${real.toFixed(0)} | ${(ours / real).toFixed(2)} |`,
    );
  }
}

function measured(request: StepRequest): StepFigures {
  const command = [...process.execArgv, join(import.meta.dirname, 'our-steps.ts')];
  return JSON.parse(
    execFileSync(process.execPath, command, { input: JSON.stringify(request), encoding: 'utf8' }),
  ) as StepFigures;
}
