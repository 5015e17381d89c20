/**
 * Quantizes nets by calibration on noise and tries the ONNX models that come of it.
 *
 *   node --conditions=@caffe-quant/source --import @swc-node/register/esm-register tools/check-onnx/check-onnx.ts \
 *     [--runtime <folder of another onnxruntime-node>] [--keep <folder>] <net.prototxt>:<weights.caffemodel> ..
 *
 * Prints a row for each net: the opset and the batch of the ONNX model; whether the installed onnxruntime, the other one, ONNX's
 * checker and OpenCV (Debian's python3-onnx and python3-opencv, where they are there) open it; how its outputs compare with
 * the integer simulation, and those of the other onnxruntime with those of the installed one; and its time for one image on
 * one thread, and that of the float net's ONNX model.
 */
process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildNetGraph, type GraphLayer, readNetText, readWeightsFile } from '@caffe-quant/caffe-io';
import { parseRetrainConfig } from '@caffe-quant/config';
import { compareOnnx, exportModels, type ExportedModels, type OnnxComparison } from '@caffe-quant/deploy';
import { calibrate, elementCount, fitWeights, isDataLayer, readModel, type Shape } from '@caffe-quant/kernels';
import { canonicalPlan, resolvePlan } from '@caffe-quant/resolver';
import { DiagnosticsError, hasErrors } from 'caffe-prototxt-parser';

const PYTHON = '/usr/bin/python3';
const CONFIG = `retrain_data_quant_config: { ulq_quantize: { } }
retrain_weight_quant_config: { arq_retrain: { channel_wise: true } }
batch_num: 1`;
/** Records, and elements of input at most: a large net takes fewer. */
const RECORDS = 16;
const ELEMENTS = 2 ** 21;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { runtime: { type: 'string' }, keep: { type: 'string' } },
});
const installed = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));

const noise = (length: number, seed: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => {
    let h = Math.imul(i + 1, 0x9e3779b9) + Math.imul(seed + 1, 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 16), 0xc2b2ae35);
    return ((h ^ (h >>> 13)) >>> 0) / 2 ** 31 - 1;
  });

interface Tried {
  exported: ExportedModels;
  comparison: OnnxComparison;
  float: Uint8Array;
  inputs: Record<string, { dims: Shape; data: string }>;
}

/** Of the tops of a layer through which a program would give data: images, and MemoryData's labels [N]. */
function inputShapesOf({ param: { input_param: input, memory_data_param: memory } }: GraphLayer): Shape[] {
  if (memory === undefined) return (input?.shape ?? []).map(({ dim }) => dim.map(Number));
  const { batch_size: batch = 1, channels = 1, height = 1, width = 1 } = memory;
  return [[batch, channels, height, width], [batch]];
}

async function quantize(netFile: string, weightsFile: string): Promise<Tried> {
  const text = readFileSync(netFile, 'utf8');
  const read = readNetText(text, netFile);
  const { graph, diagnostics } = buildNetGraph(read.net, { file: netFile, phase: 'TEST', locate: read.locate });
  const problems = [...read.diagnostics, ...diagnostics];
  if (hasErrors(problems)) throw new DiagnosticsError(problems);
  const ofOne = new Map<string, Shape>();
  for (const layer of graph.layers.filter(isDataLayer)) {
    const shapes = inputShapesOf(layer);
    layer.tops.forEach(({ name }, i) => {
      const shape = shapes[i] ?? shapes[0];
      if (!shape) throw new Error(`${layer.type} "${layer.name}" does not tell its shape: give a deploy prototxt`);
      ofOne.set(name, [1, ...shape.slice(1)]);
    });
  }
  const elements = [...ofOne.values()].reduce((sum, shape) => sum + elementCount(shape), 0);
  const count = Math.max(1, Math.min(RECORDS, Math.floor(ELEMENTS / elements)));
  const inputShapes = (batch: number) => new Map([...ofOne].map(([name, shape]) => [name, [batch, ...shape.slice(1)]]));
  const records = (start: number, batch: number) =>
    Promise.resolve(new Map([...ofOne].map(([name, shape]) => [name, noise(batch * elementCount(shape), start)])));
  const { weights } = fitWeights(graph, inputShapes(1), await readWeightsFile(weightsFile), weightsFile);
  const { config } = parseRetrainConfig(CONFIG, 'quant.cfg');
  const { plan } = resolvePlan({ train: graph, config, compat: 'documented' });
  const canonical = canonicalPlan(plan);
  const calibrated = await calibrate({
    graph,
    inputShapes: inputShapes(count),
    weights,
    plan: canonical,
    batch: () => records(0, count),
  });
  const clips = new Map(calibrated.map(({ name, clip }) => [name, clip]));
  const given = {
    net: { text, file: netFile },
    weights,
    clips,
    inputShapes: ofOne,
    prefix: 'net',
    phases: ['TEST'] as const,
  };
  const exported = exportModels({ ...given, plan: canonical });
  const file = (name: string) => exported.files.get(`net_${name}`)!;
  const floats = exportModels({ ...given, plan: { ...canonical, layers: [], quantizers: [] } });
  const comparison = await compareOnnx(
    {
      model: file('int8.onnx') as Uint8Array,
      files: {
        prototxt: { text: file('deploy_model.prototxt') as string, file: 'deploy_model.prototxt' },
        caffemodel: { bytes: file('deploy_weights.caffemodel') as Uint8Array, file: 'deploy_weights.caffemodel' },
        record: { text: file('scale_offset_record.txt') as string, file: 'record.txt' },
      },
      file: netFile,
    },
    { recordCount: count, batchSize: Math.min(4, count), records },
  );
  const image = await records(0, 1);
  const inputs = Object.fromEntries(
    [...image].map(([name, data]) => [
      name,
      { dims: ofOne.get(name)!, data: Buffer.from(data.buffer).toString('base64') },
    ]),
  );
  return { exported, comparison, float: floats.files.get('net_int8.onnx') as Uint8Array, inputs };
}

interface RuntimeResult {
  error?: string;
  milliseconds?: number;
  outputs?: Record<string, number[]>;
}

const runIn = (runtime: string, model: string, inputs: string): RuntimeResult =>
  JSON.parse(
    execFileSync(process.execPath, [join(import.meta.dirname, 'run-model.cjs'), runtime, model, inputs], {
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
    }),
  ) as RuntimeResult;

/** dB of the first outputs against the second ones, all together. */
function ratio(a: Record<string, number[]>, b: Record<string, number[]>): string {
  let [signal, difference] = [0, 0];
  for (const [name, values] of Object.entries(b)) {
    values.forEach((value, i) => {
      signal += value * value;
      difference += (value - a[name]![i]!) ** 2;
    });
  }
  return difference === 0 ? 'equal' : `${(10 * Math.log10(signal / difference)).toFixed(1)} dB`;
}

async function row(pair: string, folder: string): Promise<Record<string, string>> {
  const [net, weights] = pair.split(':') as [string, string];
  const name = `${basename(dirname(net))}/${basename(net, '.prototxt')}`;
  try {
    const { exported, comparison, float, inputs } = await quantize(net, weights);
    const place = join(folder, name.replace('/', '_'));
    mkdirSync(place, { recursive: true });
    const model = exported.files.get('net_int8.onnx') as Uint8Array;
    const path = (file: string) => join(place, file);
    writeFileSync(path('int8.onnx'), model);
    writeFileSync(path('float.onnx'), float);
    writeFileSync(path('inputs.json'), JSON.stringify(inputs));
    const own = runIn(installed, path('int8.onnx'), path('inputs.json'));
    const other = options.runtime ? runIn(options.runtime, path('int8.onnx'), path('inputs.json')) : undefined;
    const ofFloat = runIn(installed, path('float.onnx'), path('inputs.json'));
    const checked = JSON.parse(
      execFileSync(PYTHON, [join(import.meta.dirname, 'check-model.py'), path('int8.onnx')], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    ) as Record<'checker' | 'opencv', string>;
    const contents = readModel(model);
    return {
      net: name,
      opset: String(contents.opset),
      batch: String(contents.inputs[0]!.shape[0]),
      installed: own.error ?? 'yes',
      other: other === undefined ? '-' : (other.error ?? `yes, ${ratio(other.outputs!, own.outputs!)}`),
      checker: checked.checker,
      OpenCV: checked.opencv,
      simulation: comparison.outputs
        .map(({ sqnr, same }) => `${same ? `${same.count}/${same.of} ` : ''}${sqnr === 200 ? 'equal' : `${sqnr} dB`}`)
        .join(', '),
      'int8 ms': own.milliseconds?.toFixed(2) ?? '-',
      'float ms': ofFloat.milliseconds?.toFixed(2) ?? '-',
      ratio: own.milliseconds && ofFloat.milliseconds ? (own.milliseconds / ofFloat.milliseconds).toFixed(2) : '-',
    };
  } catch (error) {
    const message = error instanceof DiagnosticsError ? error.diagnostics[0]!.message : String(error);
    return { net: name, installed: `not exported: ${message.slice(0, 120)}` };
  }
}

const folder = options.keep ?? mkdtempSync(join(tmpdir(), 'check-onnx-'));
const rows: Record<string, string>[] = [];
for (const pair of positionals) {
  rows.push(await row(pair, folder));
  console.error(JSON.stringify(rows.at(-1)));
}
const heads = [
  'net',
  'opset',
  'batch',
  'installed',
  'other',
  'checker',
  'OpenCV',
  'simulation',
  'int8 ms',
  'float ms',
  'ratio',
];
console.log(`| ${heads.join(' | ')} |\n| ${heads.map(() => '---').join(' | ')} |`);
for (const each of rows) console.log(`| ${heads.map((head) => each[head] ?? '').join(' | ')} |`);
if (!options.keep) rmSync(folder, { recursive: true });
