import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { initialWeights } from '@caffe-quant/kernels';
import { median } from './median.ts';
import { MOMENTUM, plainNet, RATE, SEED, trainGraph, WEIGHT_DECAY } from './step-request.ts';
import type { StepFigures, StepRequest } from './step-request.ts';
import type { Side } from './step-table.ts';

const LAYOUTS = ['contiguous', 'channels_last'] as const;

/**
 * glibc keeps its pages from step to step: by default it hands large blocks back to the system and gets them anew, zeroed,
 * which costs PyTorch two to four times its time.
 */
export const ALLOCATOR = {
  MALLOC_MMAP_MAX_: '0',
  MALLOC_TRIM_THRESHOLD_: String(2 ** 40),
  MALLOC_TOP_PAD_: String(2 ** 26),
};

/** What could slow PyTorch where a user has set it. */
const TUNING = /^(OPENBLAS|MKL|OMP|GOMP|KMP|DNNL|ONEDNN|ATEN|BLIS|TORCH|PYTORCH|MALLOC)_|^GLIBC_TUNABLES$/;

const SCRIPT = join(import.meta.dirname, 'torch-step.py');

/** A Python with PyTorch. */
export interface Torch {
  python: string;
  env: NodeJS.ProcessEnv;
  version: string;
  /** What multiplies its matrices; null where that may be the system's reference BLAS, which is slow. */
  blas: string | null;
}

/**
 * @param blas a folder whose `libblas.so.3` is loaded in place of the system's.
 * @returns undefined where the Python has no PyTorch, or there is no such Python.
 * @throws where the folder has no such library: the system's would be measured in its place
 */
export function findTorch(python: string, blas?: string): Torch | undefined {
  if (blas !== undefined && !existsSync(join(blas, 'libblas.so.3'))) {
    throw new Error(`--blas: there is no libblas.so.3 in ${blas}`);
  }
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !TUNING.test(name))),
    ...ALLOCATOR,
    ...(blas !== undefined && { LD_LIBRARY_PATH: blas }),
  };
  try {
    execFileSync(python, ['-c', 'import torch'], { stdio: 'ignore', env });
  } catch {
    return undefined;
  }
  const found = JSON.parse(execFileSync(python, [SCRIPT, 'versions'], { encoding: 'utf8', env })) as {
    torch: string;
    blas: string | null;
  };
  return { python, env, version: found.torch, blas: found.blas };
}

/** The weights that ours starts from, float32 blob after blob in the order of the net. */
export function writeWeights(file: string, { text, shapes }: Pick<StepRequest, 'text' | 'shapes'>): void {
  const graph = trainGraph(text);
  const weights = initialWeights(graph, new Map(Object.entries(shapes)), SEED);
  const blobs = graph.layers.flatMap(({ name }) => weights.get(name) ?? []);
  writeFileSync(file, '');
  for (const { buffer, byteOffset, byteLength } of blobs)
    writeFileSync(file, new Uint8Array(buffer, byteOffset, byteLength), { flag: 'a' });
}

/**
 * Measures PyTorch once more: the first time in both layouts of its blobs, from then on in the one that was faster.
 * @param side what was measured before; it is changed.
 */
export function measureTorch(side: Side, { python, env }: Torch, weights: string, request: StepRequest): void {
  const { text, ...rest } = request;
  const solver = { rate: RATE, momentum: MOMENTUM, weightDecay: WEIGHT_DECAY };
  const input = JSON.stringify({ ...rest, solver, net: plainNet(text) });
  const measure = (layout: string): StepFigures =>
    JSON.parse(execFileSync(python, [SCRIPT, weights, layout], { input, env, encoding: 'utf8' })) as StepFigures;
  if (side.layout === undefined) {
    const tried = LAYOUTS.map((layout) => ({ layout, figures: measure(layout) }));
    const [best] = tried.sort((a, b) => median(a.figures.times) - median(b.figures.times));
    side.layout = best!.layout;
    side.figures.push(best!.figures);
  } else side.figures.push(measure(side.layout));
}
