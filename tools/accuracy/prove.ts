/**
 * The proof of the accuracies: nets trained on all of Fashion-MNIST, float first and by this project's own trainer, then
 * calibrated and retrained by every recipe, judged on the 10,000 test images; retraining beside PyTorch's QAT from the same
 * weights and ranges, on the same batches with the same rates.
 *
 *   npm run -s prove-accuracy -- --out <folder> [--nets LeNet,ResNet-20] [--seeds 1,2,3] [--recipes <part of their names>]
 *                                [--data <folder>] [--idx <folder>] [--no-torch] [--python /usr/bin/python3] [--blas <folder>]
 *
 * --data is what `node tools/fashion-mnist/make-lmdb.mjs --full` wrote (default: where it writes), --idx the files that it read.
 * What is finished stays in --out, and is not done again. Prints Markdown on stdout and what it is at on stderr.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findTorch } from '../benchmarks/torch-side.ts';
import { NETS, netText, solverText } from './nets.ts';
import { configText, type Ranges, type Recipe, RECIPES } from './recipes.ts';
import { type Judged, proofTable, type ProofRow } from './proof-table.ts';
import { retrainInTorch } from './torch-side.ts';

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

const rows: ProofRow[] = [];
for (const name of options.nets.split(',')) {
  if (!NETS[name]) throw new Error(`no net '${name}': ${Object.keys(NETS).join(', ')}`);
  for (const recipe of RECIPES.filter(({ label }) => label.includes(options.recipes)))
    rows.push({
      ...{ net: name, recipe: recipe.label, metric: NETS[name].metric },
      seeds: options.seeds.split(',').map((seed) => judge(name, Number(seed), recipe)),
    });
}
console.log(
  `${new Date().toISOString().slice(0, 10)}${torch ? `, PyTorch ${torch.version} with ${torch.blas ?? 'its BLAS'}` : ''}`,
);
console.log(`\n${proofTable(rows)}`);

function judge(name: string, seed: number, recipe: Recipe): Judged {
  const folder = join(out, name, `seed-${seed}`);
  trainFloat(name, seed, folder);
  const own = join(folder, recipe.label.replaceAll(/[ ,]+/g, '-'));
  mkdirSync(own, { recursive: true });
  const ranges = recipe.retrains ? rangesOf(name, folder) : {};
  writeFileSync(join(own, 'quant.cfg'), configText(recipe, ranges));
  const { iterations, rate } = NETS[name]!.retrain;
  writeFileSync(join(own, 'solver.prototxt'), solverText(join(folder, 'net.prototxt'), { iterations, rate }, seed));
  const started = performance.now();
  const result = kept(join(own, 'ours.json'), () => {
    const mode = recipe.retrains
      ? ['--mode', 'retrain', '--batch-norm', 'freeze', '--solver', join(own, 'solver.prototxt')]
      : ['--mode', 'calibrate', '--net', join(folder, 'net.prototxt')];
    run(`${name}, seed ${seed}: ${recipe.label}`, 'packages/cli/src/bin.ts', [
      ...['export', own, ...mode, '--weights', join(folder, 'float.caffemodel'), ...recipe.options],
      ...['--out', join(own, 'delivered'), '--prefix', 'net'],
    ]);
    const text = readFileSync(join(own, 'delivered', 'evaluation.json'), 'utf8');
    return { evaluation: JSON.parse(text) as Judged['evaluation'], seconds: (performance.now() - started) / 1000 };
  });
  if (!torch || !recipe.retrains) return result;
  return {
    ...result,
    torch: kept(join(own, 'torch.json'), () => {
      console.error(`${name}, seed ${seed}: ${recipe.label}, PyTorch`);
      return retrainInTorch(torch, {
        ...{ folder: own, idx: options.idx, net: join(folder, 'net.prototxt'), solver: NETS[name]!.retrain },
        ...{ weights: join(folder, 'float.caffemodel'), ranges, recipe },
      });
    }),
  };
}

/** The ranges that IFMR finds for the float net. */
function rangesOf(name: string, folder: string): Ranges {
  const own = join(folder, 'calibration-weights-per-channel');
  return kept(join(folder, 'ranges.json'), () => {
    judge(name, Number(folder.split('-').at(-1)), RECIPES[0]!);
    const { layers } = JSON.parse(readFileSync(join(own, 'delivered', 'net_quant.json'), 'utf8')) as {
      layers: { data: { quantizer: string; clip_max: number; clip_min: number } }[];
    };
    return Object.fromEntries(
      layers.map(({ data: { quantizer, clip_max: max, clip_min: min } }) => [quantizer, { max, min }]),
    );
  });
}

function trainFloat(name: string, seed: number, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const [net, solver, weights] = ['net.prototxt', 'float.prototxt', 'float.caffemodel'].map((file) =>
    join(folder, file),
  );
  writeFileSync(net!, netText(name, data));
  if (existsSync(weights!)) return;
  writeFileSync(solver!, solverText(net!, NETS[name]!.float, seed));
  run(`${name}, seed ${seed}: float training`, 'tools/train-float.ts', [solver!, weights!]);
}

/** What a file has, or what is found once and for all. */
function kept<T>(file: string, find: () => T): T {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as T;
  const found = find();
  writeFileSync(file, `${JSON.stringify(found)}\n`);
  return found;
}

function run(what: string, script: string, args: readonly string[]): void {
  console.error(what);
  execFileSync(process.execPath, [...process.execArgv, script, ...args], { stdio: ['ignore', 2, 2] });
}
