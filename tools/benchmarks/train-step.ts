/**
 * A training step of ResNet-18 (batch 16, 224 x 224, SGD with momentum), float and with ULQ and ARQ on every Convolution
 * and InnerProduct.
 *
 *   node --conditions=@caffe-quant/source --import @swc-node/register/esm-register tools/benchmarks/train-step.ts [threads]
 *
 * Prints the median of the steps of each and their ratio. Where Python has PyTorch, the same two steps in it are measured
 * in turn with ours (`resnet-step.py`), and the ratios to them.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { buildNetGraph, readNetText, readSolverText } from '@caffe-quant/caffe-io';
import { initialWeights, Trainer } from '@caffe-quant/kernels';
import type { CanonicalPlan } from '@caffe-quant/resolver';

const threads = Number(process.argv[2] ?? 2);
const STEPS = 6;
const ROUNDS = 2;
const BATCH = 16;

function convolution(
  name: string,
  bottom: string,
  outputs: number,
  kernel: number,
  stride: number,
  relu: boolean,
): string {
  const weights = 'weight_filler { type: "msra" }';
  return `
layer { name: "${name}" type: "Convolution" bottom: "${bottom}" top: "${name}" convolution_param {
  num_output: ${outputs} kernel_size: ${kernel} stride: ${stride} pad: ${(kernel - 1) / 2} bias_term: false ${weights} } }
layer { name: "${name}_bn" type: "BatchNorm" bottom: "${name}" top: "${name}" }
layer { name: "${name}_scale" type: "Scale" bottom: "${name}" top: "${name}" scale_param { bias_term: true } }
${relu ? `layer { name: "${name}_relu" type: "ReLU" bottom: "${name}" top: "${name}" }` : ''}`;
}

function resnet18(): string {
  let text = `name: "ResNet-18"
layer { name: "input" type: "Input" top: "data" top: "label" }
${convolution('conv1', 'data', 64, 7, 2, true)}
layer { name: "pool1" type: "Pooling" bottom: "conv1" top: "pool1" pooling_param { kernel_size: 3 stride: 2 } }`;
  let bottom = 'pool1';
  [64, 128, 256, 512].forEach((outputs, stage) => {
    for (let block = 0; block < 2; block++) {
      const name = `res${stage + 2}${block === 0 ? 'a' : 'b'}`;
      const stride = stage > 0 && block === 0 ? 2 : 1;
      const shortcut = stride === 1 ? bottom : `${name}_1`;
      if (stride > 1) text += convolution(`${name}_1`, bottom, outputs, 1, stride, false);
      text += convolution(`${name}_2a`, bottom, outputs, 3, stride, true);
      text += convolution(`${name}_2b`, `${name}_2a`, outputs, 3, 1, false);
      text += `
layer { name: "${name}" type: "Eltwise" bottom: "${shortcut}" bottom: "${name}_2b" top: "${name}" }
layer { name: "${name}_relu" type: "ReLU" bottom: "${name}" top: "${name}" }`;
      bottom = name;
    }
  });
  return `${text}
layer { name: "pool5" type: "Pooling" bottom: "${bottom}" top: "pool5" pooling_param { pool: AVE global_pooling: true } }
layer { name: "fc" type: "InnerProduct" bottom: "pool5" top: "fc" inner_product_param { num_output: 1000 weight_filler { type: "xavier" } } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "fc" bottom: "label" top: "loss" }`;
}

const { graph } = buildNetGraph(readNetText(resnet18(), 'resnet18').net, { file: 'resnet18', phase: 'TRAIN' });
const inputShapes = new Map([
  ['data', [BATCH, 3, 224, 224]],
  ['label', [BATCH]],
]);
const weights = initialWeights(graph, inputShapes, 1);
const { solver } = readSolverText('base_lr: 0.0001 lr_policy: "fixed" momentum: 0.9 weight_decay: 0.0001', 'solver');
const quantized = graph.layers.filter(({ type }) => type === 'Convolution' || type === 'InnerProduct');
const clip = { max: 6, min: -6 };
const plan: CanonicalPlan = {
  batchNum: 1,
  layers: quantized.map(({ name, type }) => ({ name, type, quantizer: name, channelWise: type === 'Convolution' })),
  quantizers: quantized.map(({ name, bottoms }) => ({
    ...{ name, blob: bottoms[0]!.id, layers: [name], fixedMin: false, lrMult: 1, decayMult: 0 },
  })),
};
const batch = new Map([
  ['data', Float32Array.from({ length: BATCH * 3 * 224 * 224 }, (_, i) => Math.sin(i * 0.37) * 2)],
  ['label', Float32Array.from({ length: BATCH }, (_, i) => (i * 61) % 1000)],
]);

/** Milliseconds of the steps of one trainer alone in this process, after two that are not measured. */
async function measured(isQuantized: boolean): Promise<number[]> {
  const quantization = isQuantized ? { plan, clips: new Map(quantized.map(({ name }) => [name, clip])) } : {};
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
  const output = execFileSync(execPath, [...execArgv, argv[1]!, String(threads), kind], { encoding: 'utf8' });
  return JSON.parse(output) as number[];
}

function torchSteps(): { float: number[]; quantized: number[] } | undefined {
  try {
    const script = join(process.cwd(), 'tools/benchmarks/resnet-step.py');
    return JSON.parse(execFileSync('/usr/bin/python3', [script, String(threads), String(STEPS)], { encoding: 'utf8' }));
  } catch {
    return undefined;
  }
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

if (process.argv[3]) {
  console.log(JSON.stringify(await measured(process.argv[3] === 'quantized')));
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
console.log(`${threads} threads, medians of ${ours.float.length} steps`);
console.log(`float ${a.toFixed(0)} ms, quantized ${b.toFixed(0)} ms, ratio ${(b / a).toFixed(2)}`);
if (torch.float.length > 0) {
  const [c, d] = [median(torch.float), median(torch.quantized)];
  console.log(`PyTorch: float ${c.toFixed(0)} ms, quantized ${d.toFixed(0)} ms`);
  console.log(`ours / PyTorch: float ${(a / c).toFixed(2)}, quantized ${(b / d).toFixed(2)}`);
} else console.log('no PyTorch to compare with');
