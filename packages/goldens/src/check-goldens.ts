import type { Device } from '@caffe-quant/kernels';
import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { type ArqCase, checkArq } from './check-arq.ts';
import { checkIfmr, type IfmrCase } from './check-ifmr.ts';
import { checkLayer, type LayerCase } from './check-layer.ts';
import { checkQuant, type QuantCase } from './check-quant.ts';
import { checkLearningRate, checkSolver, type LearningRateCase, type SolverCase } from './check-solver.ts';
import { checkTrajectory, otherVariant, type TrajectoryCase, type TrajectoryHead } from './check-trajectory.ts';
import { checkClipState, checkUlq, type ClipCheckCase, type UlqCase } from './check-ulq.ts';
import { Comparison, type Measure } from './comparison.ts';
import { GoldenError, type GoldenSet, openGoldenSet } from './golden-set.ts';

/** What became of one case. */
export interface GoldenResult {
  /** The set's file under the folder that was checked, without its ending: `layers/Pooling`. */
  set: string;
  /** What checks the set: `layers`, `trajectory`; absent for a set that cannot be read or that nothing checks. */
  kind?: string;
  /** Of the case; empty for a set that cannot be read at all. */
  name: string;
  outcome: 'passed' | 'failed' | 'skipped';
  /** What is furthest from its reference, against its limit; absent where nothing could be compared. */
  worst?: Measure;
  /** Why it failed without a comparison, or was skipped. */
  message?: string;
}

/** The same for any set: its cases, whatever they are, one check each. */
interface Checker {
  check(golden: never, set: never, comparison: Comparison): void | Promise<void>;
  /** Why a case is none that this project could pass. */
  skips?(golden: never): string | undefined;
}

/** By the `set` of the JSON file. */
const CHECKERS: Readonly<Record<string, Checker>> = {
  arq: { check: checkArq satisfies (golden: ArqCase, set: GoldenSet<ArqCase>, comparison: Comparison) => unknown },
  ulq: { check: checkUlq satisfies (golden: UlqCase, set: GoldenSet<UlqCase>, comparison: Comparison) => unknown },
  clipcheck: { check: (golden: ClipCheckCase, _set: unknown, comparison) => checkClipState(golden, comparison) },
  ifmr: { check: (golden: IfmrCase, set: GoldenSet<IfmrCase>, comparison) => checkIfmr(golden, set, comparison) },
  quant: { check: (golden: QuantCase, set: GoldenSet<QuantCase>, comparison) => checkQuant(golden, set, comparison) },
  layers: { check: (golden: LayerCase, set: GoldenSet<LayerCase>, comparison) => checkLayer(golden, set, comparison) },
  solver: {
    check: (golden: SolverCase, set: GoldenSet<SolverCase>, comparison) => checkSolver(golden, set, comparison),
  },
  lr: { check: (golden: LearningRateCase, _set: unknown, comparison) => checkLearningRate(golden, comparison) },
  trajectory: {
    check: (golden: TrajectoryCase, set: GoldenSet<TrajectoryCase, TrajectoryHead>, comparison) =>
      checkTrajectory(golden, set, comparison),
    skips: otherVariant,
  },
};

/** What the trajectories start from: no cases of their own. */
const INPUTS: ReadonlySet<string> = new Set(['trajectory start weights', 'trajectory data']);

/**
 * Checks all golden sets below a folder, case after case. Nothing is thrown for a case or a set that is empty, cannot be
 * read or has no kernel: it failed.
 *
 * @param device what computes; default: `cpu`
 * @throws GoldenError where there is no such folder
 */
export async function* checkGoldens(folder: string, device?: Device): AsyncGenerator<GoldenResult> {
  for (const path of goldenFiles(folder)) {
    const set = relative(folder, path)
      .split(sep)
      .join('/')
      .replace(/\.json$/, '');
    yield* checkSet(path, set, device);
  }
}

function goldenFiles(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new GoldenError(`${folder} is not a folder`);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .map((file) => join(folder, file))
    .sort();
}

async function* checkSet(path: string, set: string, device: Device | undefined): AsyncGenerator<GoldenResult> {
  const failed = (message: string): GoldenResult => ({ set, name: '', outcome: 'failed', message });
  let opened: GoldenSet<{ name?: unknown }, { set?: unknown }>;
  try {
    opened = openGoldenSet(path);
  } catch (error) {
    yield failed(messageOf(error));
    return;
  }
  const { head, cases } = opened;
  if (cases.length === 0) {
    yield failed('it has no cases');
    return;
  }
  if (INPUTS.has(String(head.set))) return;
  const kind = 'images' in head && 'start' in head ? 'trajectory' : String(head.set ?? basename(dirname(path)));
  const checker = CHECKERS[kind];
  if (checker === undefined) {
    yield failed(`there is no check for the set '${kind}'`);
    return;
  }
  for (const [index, golden] of cases.entries())
    yield { ...(await checkCase(golden, index, opened, checker, new Comparison(device), set)), kind };
}

async function checkCase(
  golden: { name?: unknown } | null,
  index: number,
  opened: GoldenSet<unknown>,
  { check, skips }: Checker,
  comparison: Comparison,
  set: string,
): Promise<GoldenResult> {
  const name = typeof golden?.name === 'string' ? golden.name : `case ${index}`;
  try {
    if (golden === null || typeof golden !== 'object' || Object.keys(golden).length === 0) {
      throw new GoldenError('the case is empty');
    }
    const skipped = skips?.(golden as never);
    if (skipped !== undefined) return { set, name, outcome: 'skipped', message: skipped };
    await check(golden as never, opened as never, comparison);
  } catch (error) {
    return { set, name, outcome: 'failed', message: messageOf(error) };
  }
  const { worst, passed } = comparison;
  if (worst === undefined) return { set, name, outcome: 'failed', message: 'the case has nothing to compare' };
  return { set, name, outcome: passed ? 'passed' : 'failed', worst };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
