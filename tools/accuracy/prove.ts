/**
 * The proof of the accuracies: nets trained on all of Fashion-MNIST, float first and by this project's own trainer, then
 * calibrated and retrained by every recipe, judged on the 10,000 test images; retraining beside PyTorch's QAT from the same
 * weights and ranges, on the same batches with the same rates, each right after ours.
 *
 *   npm run -s prove-accuracy -- --out dist/proof [--nets LeNet,ResNet-20] [--seeds 1,2,3] [--recipes <part of their names>]
 *                                [--data <folder>] [--idx <folder>] [--no-torch] [--python /usr/bin/python3] [--blas <folder>]
 *                                [--part 0.01] [--table]
 *
 * Below this repository, --out has one store of finished stages for all recipes, so that float nets are trained on once.
 * --data is what `node tools/fashion-mnist/make-lmdb.mjs --full` wrote (default: where it writes), --idx the files that it read.
 * --part takes that part of all iterations, for a trial. All nets of the first seed come first, recipe by recipe, then those of the next.
 * What is finished stays in --out, in results.jsonl, and is not done again; --table computes nothing. Prints Markdown on stdout,
 * of the seeds that have a result, and what it is at on stderr.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { NUMERICS_VERSION } from '@caffe-quant/kernels/numerics-version';
import { findTorch } from '../benchmarks/torch-side.ts';
import { KeptResults } from './kept-results.ts';
import { NETS, netText, type ProofNet, solverText } from './nets.ts';
import { onnxAccuracy } from './onnx-accuracy.ts';
import { type Judged, type ProofRow } from './proof-row.ts';
import { proofText } from './proof-text.ts';
import { configText, type Ranges, type Recipe, RECIPES } from './recipes.ts';
import { runTimed } from './run-timed.ts';
import { retrainInTorch, type TorchResult } from './torch-side.ts';

const { values: options } = parseArgs({
  allowNegative: true,
  options: {
    out: { type: 'string' },
    nets: { type: 'string', default: Object.keys(NETS).join(',') },
    seeds: { type: 'string', default: '1,2,3' },
    recipes: { type: 'string', default: '' },
    data: { type: 'string', default: 'models/data/fashion-mnist/full' },
    idx: { type: 'string', default: '/usr/share/datasets/fashion-mnist' },
    torch: { type: 'boolean', default: true },
    python: { type: 'string', default: '/usr/bin/python3' },
    blas: { type: 'string' },
    part: { type: 'string', default: '1' },
    table: { type: 'boolean', default: false },
  },
});
if (options.out === undefined) throw new Error('--out <folder>: where nets and results go');
const out = resolve(options.out);
const data = resolve(options.data);
if (!existsSync(join(data, 'train_lmdb')))
  throw new Error(`no train_lmdb in ${data}: run node tools/fashion-mnist/make-lmdb.mjs --full`);
const torch = options.torch ? findTorch(options.python, options.blas) : undefined;
if (options.torch && !torch)
  throw new Error(`${options.python} has no PyTorch: name another by --python, or --no-torch`);

const names = options.nets.split(',');
for (const name of names) if (!NETS[name]) throw new Error(`no net '${name}': ${Object.keys(NETS).join(', ')}`);
const seeds = options.seeds.split(',').map(Number);
const recipes = RECIPES.filter(({ label }) => label.includes(options.recipes));
mkdirSync(out, { recursive: true });
const results = new KeptResults(join(out, 'results.jsonl'), NUMERICS_VERSION);

const NO_RANGES: FoundRanges = { ofLayers: {}, ofQuantizers: {} };

/** A float net of one seed, and what it is trained by. */
interface Trained {
  name: string;
  seed: number;
  folder: string;
  net: ProofNet;
}

function trainedOf(name: string, seed: number): Trained {
  const part = Number(options.part);
  const [float, retrain] = (['float', 'retrain'] as const).map((kind) => {
    const { iterations, rate } = NETS[name]![kind];
    return { iterations: Math.max(10, 10 * Math.round((iterations * part) / 10)), rate };
  });
  return {
    name,
    seed,
    folder: join(out, name, `seed-${seed}`),
    net: { ...NETS[name]!, float: float!, retrain: retrain! },
  };
}

const keyOf = ({ name, seed, net: { float } }: Trained): object => ({ name, seed, float });
const recipeKey = (trained: Trained, recipe: Recipe, by: 'ours' | 'torch'): object => ({
  ...keyOf(trained),
  ...{ recipe: `${recipe.retrains ? 'retrained' : 'calibrated'}, ${recipe.label}`, by },
  ...(recipe.retrains && { retrain: trained.net.retrain }),
});
const fileOf = ({ folder }: Trained, file: string): string => join(folder, file);
const folderOf = (trained: Trained, { label, retrains }: Recipe): string =>
  fileOf(trained, `${retrains ? 'retrained' : 'calibrated'}-${label.replaceAll(/[ ,]+/g, '-')}`);

if (!options.table)
  for (const seed of seeds) {
    const trained = names.map((name) => trainedOf(name, seed));
    for (const each of trained) await trainFloat(each);
    for (const recipe of recipes) for (const each of trained) await judge(each, recipe);
  }

const rows: ProofRow[] = names.flatMap((name) =>
  recipes.map((recipe) => ({
    ...{ net: name, recipe, metric: NETS[name]!.metric },
    seeds: seeds.flatMap((seed) => {
      const trained = trainedOf(name, seed);
      const ours = results.find(recipeKey(trained, recipe, 'ours')) as Omit<Judged, 'torch'> | undefined;
      const beside = results.find(recipeKey(trained, recipe, 'torch')) as TorchResult | undefined;
      return ours ? [{ ...ours, ...(beside && { torch: beside }) }] : [];
    }),
  })),
);
console.log(
  `${new Date().toISOString().slice(0, 10)}${torch ? `, PyTorch ${torch.version} with ${torch.blas ?? 'its BLAS'}` : ''}`,
);
console.log(`\n${proofText(rows.filter((row) => row.seeds.length > 0))}`);

async function trainFloat(trained: Trained): Promise<void> {
  const { name, seed, folder, net } = trained;
  if (results.find(keyOf(trained))) return;
  console.error(`${name}, seed ${seed}: float training`);
  // What another training has left is none of this one's.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileOf(trained, 'net.prototxt'), netText(name, data));
  const [solver, weights] = ['float.prototxt', 'float.caffemodel'].map((file) => fileOf(trained, file));
  writeFileSync(solver!, solverText(fileOf(trained, 'net.prototxt'), net.float, seed));
  const seconds = await runTimed('tools/train-float.ts', [solver!, weights!]);
  results.add(keyOf(trained), { seconds: seconds['start'] });
}

async function judge(trained: Trained, recipe: Recipe): Promise<void> {
  const { name, seed, net } = trained;
  const own = folderOf(trained, recipe);
  const [ours, inTorch] = (['ours', 'torch'] as const).map((by) => recipeKey(trained, recipe, by));
  const isWithTorch = torch !== undefined && recipe.retrains;
  if (results.find(ours!) && (!isWithTorch || results.find(inTorch!))) return;
  const ranges = recipe.retrains ? await rangesOf(trained) : NO_RANGES;
  const what = `${name}, seed ${seed}: ${recipe.retrains ? 'retrained' : 'calibrated'} ${recipe.label}`;
  mkdirSync(own, { recursive: true });
  if (!results.find(ours!)) {
    console.error(what);
    writeFileSync(join(own, 'quant.cfg'), configText(recipe, ranges.ofLayers));
    const solver = join(own, 'solver.prototxt');
    writeFileSync(solver, solverText(fileOf(trained, 'net.prototxt'), net.retrain, seed));
    const mode = recipe.retrains
      ? ['--mode', 'retrain', '--batch-norm', 'freeze', '--control', 'true', '--solver', solver]
      : ['--mode', 'calibrate', '--net', fileOf(trained, 'net.prototxt')];
    const delivered = join(own, 'delivered');
    const seconds = await runTimed('packages/cli/src/bin.ts', [
      ...['export', own, ...mode, '--weights', fileOf(trained, 'float.caffemodel'), ...recipe.options],
      ...['--out', delivered, '--prefix', 'net'],
    ]);
    const { models, agreement } = JSON.parse(
      readFileSync(join(delivered, 'evaluation.json'), 'utf8'),
    ) as Judged['evaluation'];
    const onnx = await onnxAccuracy(join(delivered, 'net_int8.onnx'), fileOf(trained, 'net.prototxt'), net.metric);
    results.add(ours!, { evaluation: { models, agreement }, onnx, seconds } satisfies Judged);
  }
  if (!isWithTorch || results.find(inTorch!)) return;
  console.error(`${what}, PyTorch`);
  const found = retrainInTorch(torch, {
    ...{ folder: own, idx: options.idx, net: fileOf(trained, 'net.prototxt'), solver: net.retrain },
    ...{ weights: fileOf(trained, 'float.caffemodel'), ranges: ranges.ofQuantizers, recipe },
  });
  results.add(inTorch!, found);
}

/** The ranges that IFMR finds for the float net, by layers and by the quantizers that layers may share. */
interface FoundRanges {
  ofLayers: Ranges;
  ofQuantizers: Ranges;
}

async function rangesOf(trained: Trained): Promise<FoundRanges> {
  const file = fileOf(trained, 'ranges.json');
  if (!existsSync(file)) {
    const [first] = RECIPES;
    const delivered = join(folderOf(trained, first!), 'delivered', 'net_quant.json');
    if (!existsSync(delivered)) await judge(trained, first!);
    const { layers } = JSON.parse(readFileSync(delivered, 'utf8')) as {
      layers: { name: string; data: { quantizer: string; clip_max: number; clip_min: number } }[];
    };
    const found = layers.map(({ name, data: { quantizer, clip_max: max, clip_min: min } }) => ({
      ...{ name, quantizer, range: { max, min } },
    }));
    const ranges: FoundRanges = {
      ofLayers: Object.fromEntries(found.map(({ name, range }) => [name, range])),
      ofQuantizers: Object.fromEntries(found.map(({ quantizer, range }) => [quantizer, range])),
    };
    writeFileSync(file, JSON.stringify(ranges));
  }
  return JSON.parse(readFileSync(file, 'utf8')) as FoundRanges;
}
