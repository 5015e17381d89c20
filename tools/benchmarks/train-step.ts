/**
 * A training step of ResNet-18 or MobileNet (batch 16, 224 x 224, SGD with momentum), float and with ULQ and ARQ on every
 * Convolution and InnerProduct.
 *
 *   node --conditions=@caffe-quant/source --import @swc-node/register/esm-register tools/benchmarks/train-step.ts [threads] [net]
 *
 * Prints the median of the steps of each and their ratio. Where Python has PyTorch, the same two steps in it are measured
 * in turn with ours (`torch-step.py`), and the ratios to them.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { buildNetGraph, readNetText, readSolverText } from '@caffe-quant/caffe-io';
import { initialWeights, Trainer } from '@caffe-quant/kernels';
import { NETS, planOf } from './nets.ts';

const threads = Number(process.argv[2] ?? 2);
const name = process.argv[3] ?? 'ResNet-18';
const text = NETS[name];
if (!text) throw new Error(`no net '${name}': ${Object.keys(NETS).join(', ')}`);
const STEPS = 6;
const ROUNDS = 2;
const BATCH = 16;

const { graph } = buildNetGraph(readNetText(text(), name).net, { file: name, phase: 'TRAIN' });
const inputShapes = new Map([
  ['data', [BATCH, 3, 224, 224]],
  ['label', [BATCH]],
]);
const weights = initialWeights(graph, inputShapes, 1);
const { solver } = readSolverText('base_lr: 0.0001 lr_policy: "fixed" momentum: 0.9 weight_decay: 0.0001', 'solver');
const plan = planOf(graph);
const clip = { max: 6, min: -6 };
const batch = new Map([
  ['data', Float32Array.from({ length: BATCH * 3 * 224 * 224 }, (_, i) => Math.sin(i * 0.37) * 2)],
  ['label', Float32Array.from({ length: BATCH }, (_, i) => (i * 61) % 1000)],
]);

/** Milliseconds of the steps of one trainer alone in this process, after two that are not measured. */
async function measured(isQuantized: boolean): Promise<number[]> {
  const quantization = isQuantized ? { plan, clips: new Map(plan.quantizers.map(({ name }) => [name, clip])) } : {};
  const trainer = await Trainer.create({ graph, solver, inputShapes, weights, threads, ...quantization });
  const times: number[] = [];
  for (let i = 0; i < STEPS + 2; i++) {
    const started = performance.now();
    await trainer.step(batch);
    times.push(performance.now() - started);
  }
  await trainer.close();
  return times.slice(2);
}

/** The same in a process of its own. */
function ownSteps(kind: 'float' | 'quantized'): number[] {
  const { argv, execArgv, execPath } = process;
  const output = execFileSync(execPath, [...execArgv, argv[1]!, String(threads), name, kind], { encoding: 'utf8' });
  return JSON.parse(output) as number[];
}

function torchSteps(): { float: number[]; quantized: number[] } | undefined {
  try {
    const script = join(process.cwd(), 'tools/benchmarks/torch-step.py');
    return JSON.parse(
      execFileSync('/usr/bin/python3', [script, String(threads), name, String(STEPS)], { encoding: 'utf8' }),
    );
  } catch {
    return undefined;
  }
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

if (process.argv[4]) {
  console.log(JSON.stringify(await measured(process.argv[4] === 'quantized')));
  process.exit();
}
const ours = { float: [] as number[], quantized: [] as number[] };
const torch = { float: [] as number[], quantized: [] as number[] };
for (let round = 0; round < ROUNDS; round++) {
  ours.float.push(...ownSteps('float'));
  ours.quantized.push(...ownSteps('quantized'));
  const steps = torchSteps();
  torch.float.push(...(steps?.float ?? []));
  torch.quantized.push(...(steps?.quantized ?? []));
}
const [a, b] = [median(ours.float), median(ours.quantized)];
console.log(`${name}, ${threads} threads, medians of ${ours.float.length} steps`);
console.log(`float ${a.toFixed(0)} ms, quantized ${b.toFixed(0)} ms, ratio ${(b / a).toFixed(2)}`);
if (torch.float.length > 0) {
  const [c, d] = [median(torch.float), median(torch.quantized)];
  console.log(`PyTorch: float ${c.toFixed(0)} ms, quantized ${d.toFixed(0)} ms`);
  console.log(`ours / PyTorch: float ${(a / c).toFixed(2)}, quantized ${(b / d).toFixed(2)}`);
} else console.log('no PyTorch to compare with');
