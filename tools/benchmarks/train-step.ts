/**
 * A training step (forward, backward, update) of five nets, float and with ULQ and ARQ, against PyTorch's: time and peak
 * memory. docs/performance.md says how it is measured and how to read it.
 *
 *   npm run -s bench-training -- [--nets LeNet,U-Net] [--batch 16] [--threads 2] [--rounds 3] [--steps 6] [--no-torch]
 *   npm run -s bench-training -- --curve batch|depth|side      ResNet over batch size, depth or side of the image
 *   npm run -s bench-training -- --profile [--top 20]          ours alone: time per operator and bytes moved
 *
 * PyTorch is that of --python (/usr/bin/python3); --blas names a folder with another libblas.so.3 for it. --before names a
 * checkout of an earlier commit, with its packages installed, whose steps are measured in turn with these: what makes them,
 * our-steps.ts and the files beside it that it reads, has to be there and to suit that commit.
 * Prints Markdown on stdout and what it is at on stderr. Linux.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { median } from './median.ts';
import { NETS, resNet } from './nets.ts';
import { type ProfileEvent, profileText, stepProfile } from './step-profile.ts';
import { type Kind, shapesOf, type StepFigures, type StepRequest, type TrainingCase } from './step-request.ts';
import { noise, type Row, table } from './step-table.ts';
import { ALLOCATOR, findTorch, measureTorch, type Torch, writeWeights } from './torch-side.ts';

const WARM_UP = 3;
const KINDS: readonly Kind[] = ['float', 'QAT'];
const CURVES: Readonly<Record<string, (batch: number) => TrainingCase[]>> = {
  batch: () => [4, 8, 16, 32, 64].map((size) => ({ label: 'ResNet-18', net: resNet(18), batch: size })),
  depth: (batch) => [18, 34, 50].map((depth) => ({ label: `ResNet-${depth}`, net: resNet(depth), batch })),
  side: (batch) =>
    [112, 160, 224].map((side) => ({ label: `ResNet-18, ${side} x ${side}`, net: resNet(18, side), batch })),
};

const { values: options } = parseArgs({
  allowNegative: true,
  options: {
    nets: { type: 'string', default: Object.keys(NETS).join(',') },
    curve: { type: 'string' },
    batch: { type: 'string' },
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string' },
    steps: { type: 'string', default: '6' },
    torch: { type: 'boolean', default: true },
    python: { type: 'string', default: '/usr/bin/python3' },
    blas: { type: 'string' },
    before: { type: 'string' },
    profile: { type: 'boolean', default: false },
    top: { type: 'string', default: '20' },
  },
});
const count = (option: 'batch' | 'threads' | 'rounds' | 'steps' | 'top', otherwise: number): number => {
  const value = Number(options[option] ?? otherwise);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${option} takes a number of 1 or more`);
  return value;
};
const [threads, steps, top] = [count('threads', 2), count('steps', 6), count('top', 20)];
const rounds = count('rounds', options.curve === undefined ? 3 : 1);

const temporary = mkdtempSync(join(tmpdir(), 'caffe-quant-train-step-'));
try {
  if (options.profile) for (const each of cases()) printProfiles(each);
  else compare(cases());
} finally {
  rmSync(temporary, { recursive: true });
}

function cases(): TrainingCase[] {
  if (options.curve !== undefined) {
    const curve = CURVES[options.curve];
    if (!curve) throw new Error(`no curve '${options.curve}': ${Object.keys(CURVES).join(', ')}`);
    return curve(count('batch', 16));
  }
  return options.nets.split(',').map((label) => {
    const net = NETS[label];
    if (!net) throw new Error(`no net '${label}': ${Object.keys(NETS).join(', ')}`);
    return { label, net: net(), batch: count('batch', label === 'LeNet' ? 64 : 16) };
  });
}

/** Ours and PyTorch's, float and QAT, in turn: each net's rounds one after the other, every measurement in a process of its own. */
function compare(all: readonly TrainingCase[]): void {
  const torch = options.torch ? findTorch(options.python, options.blas) : undefined;
  const rows = all.flatMap((each) => {
    const ofKinds = KINDS.map((kind): Row => {
      const { label, batch } = each;
      return {
        ...{ label, batch, kind, ours: { figures: [] } },
        ...(options.before !== undefined && { before: { figures: [] } }),
        ...(torch && { torch: { figures: [] } }),
      };
    });
    const weights = join(temporary, 'weights');
    if (torch) writeWeights(weights, requestOf(each, 'float'));
    for (let round = 1; round <= rounds; round++) {
      console.error(`${each.label}, batch ${each.batch}: round ${round} of ${rounds}`);
      for (const { kind, ours, before } of ofKinds) {
        ours.figures.push(ourFigures(requestOf(each, kind)));
        before?.figures.push(ourFigures(requestOf(each, kind), { checkout: options.before }));
      }
      for (const { kind, torch: side } of ofKinds)
        if (torch && side) measureTorch(side, torch, weights, requestOf(each, kind));
    }
    for (const row of ofKinds) checkLosses(row);
    console.error(table(ofKinds));
    return ofKinds;
  });
  console.log([conditions(torch), table(rows), ...noise(rows)].join('\n\n'));
}

function requestOf(each: TrainingCase, kind: Kind): StepRequest {
  const { text, classes } = each.net;
  return { text, classes, shapes: shapesOf(each), kind, threads, warmUp: WARM_UP, steps };
}

function ourFigures(
  request: StepRequest,
  { checkout, profileFolder }: { checkout?: string | undefined; profileFolder?: string } = {},
): StepFigures {
  const folder = checkout === undefined ? import.meta.dirname : join(resolve(checkout), 'tools', 'benchmarks');
  const command = [
    ...process.execArgv,
    join(folder, 'our-steps.ts'),
    ...(profileFolder === undefined ? [] : [profileFolder]),
  ];
  const input = JSON.stringify(request);
  // The packages are those of the checkout that the process starts in.
  return JSON.parse(
    execFileSync(process.execPath, command, { cwd: join(folder, '..', '..'), input, encoding: 'utf8' }),
  ) as StepFigures;
}

/**
 * Both sides compute the same if their losses are the same before the first update and after it; quantized ones nearly so, since
 * the two learn a range by other parameters. Later steps enlarge rounding: the seventh of ResNet-18 in another order of sums, all
 * else equal, is 0.1 % off, with 4 images or in ResNet-34 the sixth 0.8 %.
 */
function checkLosses({ label, kind, ours, torch }: Row): void {
  if (!torch) return;
  const [a, b] = [ours.figures[0]!.losses, torch.figures[0]!.losses];
  const tolerances =
    kind === 'QAT' ? { first: 0.05, second: 0.05, last: 0.1 } : { first: 0.001, second: 0.003, last: 0.02 };
  for (const [i, tolerance] of [
    [0, tolerances.first],
    [1, tolerances.second],
    [a.length - 1, tolerances.last],
  ] as const) {
    if (!(Math.abs(a[i]! - b[i]!) <= tolerance * Math.abs(b[i]!)))
      throw new Error(`${label}, ${kind}: the loss of step ${i + 1} is ${a[i]} here and ${b[i]} in PyTorch`);
  }
}

function conditions(torch: Torch | undefined): string {
  const engine = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };
  // Of what tunes PyTorch's side ours knows no other variables.
  const ofAllocator = Object.entries(process.env).filter(([name]) => name.startsWith('MALLOC_'));
  const list = (variables: [string, string | undefined][]) =>
    variables.map(([name, value]) => `\`${name}=${value}\``).join(', ');
  return [
    `${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model.trim()} (${availableParallelism()} processors), ${threads} threads.`,
    `Medians of ${rounds * steps} steps (${rounds} x ${steps}, after ${WARM_UP} that are not measured).`,
    `Ours: Node ${process.version.slice(1)}, onnxruntime ${engine.version}, ${list(ofAllocator) || 'no variables set'}.`,
    torch
      ? `PyTorch ${torch.version}, ${torch.blas ?? "**the system's BLAS, perhaps the slow reference one**"}, ${list(Object.entries(ALLOCATOR))}, each in the better of two layouts.`
      : 'No PyTorch to compare with.',
  ].join('\n');
}

function printProfiles(each: TrainingCase): void {
  for (const kind of KINDS) {
    const folder = join(temporary, 'profile');
    mkdirSync(folder);
    const { times } = ourFigures(requestOf(each, kind), { profileFolder: folder });
    const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as ProfileEvent[];
    // The session of the training is the one that ran longest; others only asked the engine something.
    const duration = (events: readonly ProfileEvent[]) => events.reduce((sum, { dur }) => sum + dur, 0);
    const [events] = readdirSync(folder)
      .map(read)
      .sort((a, b) => duration(b) - duration(a));
    rmSync(folder, { recursive: true });
    const profile = stepProfile(events!, WARM_UP);
    const step = median(times);
    console.log(`\n${each.label}, batch ${each.batch}, ${kind}: ${step.toFixed(1)} ms a step while profiled,`);
    console.log(`${(step - profile.wall).toFixed(1)} of them around the run of the graph (inputs, copies of outputs)`);
    console.log(profileText(profile, top));
  }
}
