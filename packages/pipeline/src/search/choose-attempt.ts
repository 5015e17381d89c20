import { withBatchNum, leaveFloat } from '@caffe-quant/config';
import { type AccuracyGoal, goalResults, holds, worstOf } from '../project/accuracy-goal.ts';
import type { Mode } from '../project/mode.ts';
import { type AttemptChange, ATTEMPTS, attemptsBefore, LADDER, rungOf } from './attempt-list.ts';
import type { AttemptResult, Measurement, Recipe } from './attempt-result.ts';
import { mostFloatLayers, mostSensitive } from './float-candidates.ts';

/** What decides on an attempt. */
export interface SearchState {
  /** Of the attempts of the rungs before. */
  readonly results: ReadonlyMap<string, AttemptResult>;
  /** What is to be reached; empty before anything is measured. */
  readonly goals: readonly AccuracyGoal[];
  readonly maxFloatLayers: number | undefined;
  /** The project's own config. */
  readonly config: { readonly text: string; readonly file: string };
  /** How the project trains, and for how many iterations; absent where it does not. */
  readonly training: { readonly mode: Mode; readonly iterations: number } | undefined;
}

export type Choice = { readonly recipe: Recipe } | { readonly passed: string };

/** An attempt that was measured. */
export interface MeasuredAttempt {
  readonly name: string;
  readonly change: AttemptChange;
  readonly recipe: Recipe;
  readonly measurement: Measurement;
  /** How much better than the goals it is; below 0: it misses one. */
  readonly margin: number;
  readonly holds: boolean;
}

/** The measured ones among attempts, in the order of the table. */
export function measuredAttempts({ results, goals }: Pick<SearchState, 'results' | 'goals'>): MeasuredAttempt[] {
  return [...ATTEMPTS].flatMap(([name, { change }]): MeasuredAttempt[] => {
    const result = results.get(name);
    if (result?.outcome !== 'measured') return [];
    const { recipe, measurement } = result;
    const worst = worstOf(goalResults(goals, measurement));
    return [{ name, change, recipe, measurement, margin: worst.margin, holds: holds(worst) }];
  });
}

/**
 * An attempt before this one that holds, so that this one need not be tried. Fewer float layers are looked for where some
 * hold.
 */
export function heldBefore(name: string, state: Pick<SearchState, 'results' | 'goals'>): string | undefined {
  const held = measuredBefore(name, state).filter((attempt) => attempt.holds);
  const isRefined = ATTEMPTS.get(name)!.change.kind === 'fewer' && held.every(({ change }) => isOfFloat(change));
  return isRefined ? undefined : held[0]?.name;
}

function measuredBefore(name: string, state: Pick<SearchState, 'results' | 'goals'>): MeasuredAttempt[] {
  const known = new Set(attemptsBefore(name));
  return measuredAttempts(state).filter((attempt) => known.has(attempt.name));
}

/** Whether an attempt is to be made, and with what, by what the attempts before it have come to. */
export function chooseAttempt(name: string, state: SearchState): Choice {
  const held = heldBefore(name, state);
  if (held !== undefined) return { passed: `${held} holds` };
  const { change } = ATTEMPTS.get(name)!;
  const before = measuredBefore(name, state);
  switch (change.kind) {
    case 'calibrate':
      return calibration(change, before[0], state);
    case 'combine':
      return combination(before, state);
    case 'float':
      return leftFloat(name, before, state);
    case 'fewer':
      return fewerFloat(before, state);
    case 'train':
      return training(change.share, before, state);
  }
}

function calibration(
  change: AttemptChange & { kind: 'calibrate' },
  first: MeasuredAttempt | undefined,
  state: SearchState,
): Choice {
  if (change.ofRanges && first?.measurement.measuredRanges === 0) {
    return { passed: 'the config gives every range, so that none is measured' };
  }
  if (change.batches !== undefined && !first) return NOTHING_MEASURED;
  return { recipe: changed({ options: { mode: 'calibrate' }, floatLayers: [] }, change, first, state) };
}

/** Where the attempts before were all refused, there is nothing to start from. */
const NOTHING_MEASURED: Choice = { passed: 'no attempt before it could be measured' };

/** A recipe with one more change of calibration. */
function changed(
  recipe: Recipe,
  { options, batches }: AttemptChange & { kind: 'calibrate' },
  first: MeasuredAttempt | undefined,
  { config }: SearchState,
): Recipe {
  const text = recipe.config ?? config.text;
  return {
    ...recipe,
    options: { ...recipe.options, ...options },
    ...(batches !== undefined &&
      first && { config: withBatchNum(text, config.file, batches * first.measurement.batches) }),
  };
}

function combination(before: readonly MeasuredAttempt[], state: SearchState): Choice {
  const [first, ...others] = before;
  const gains = others.filter(({ margin }) => first && margin > first.margin);
  const best = gains.filter(({ change, margin }) => {
    const rivals = gains.filter((other) => groupOf(other.change) === groupOf(change));
    return groupOf(change) === undefined || rivals.every((rival) => margin >= rival.margin);
  });
  if (best.length < 2) {
    return { passed: best[0] ? `${best[0].name} alone helped` : 'nothing helped that could be combined' };
  }
  const changes = best.flatMap(({ change }) => (change.kind === 'calibrate' ? [change] : []));
  const start: Recipe = { options: { mode: 'calibrate' }, floatLayers: [] };
  return { recipe: changes.reduce((recipe, change) => changed(recipe, change, first, state), start) };
}

const groupOf = (change: AttemptChange): string | undefined =>
  change.kind === 'calibrate' ? change.insteadOf : undefined;

const isOfFloat = ({ kind }: AttemptChange): boolean => kind === 'float' || kind === 'fewer';

/** The calibration that comes nearest to the goals, the first of equals; undefined where none was measured. */
function bestCalibration(before: readonly MeasuredAttempt[]): MeasuredAttempt | undefined {
  const calibrations = before.filter(({ change }) => change.kind === 'calibrate' || change.kind === 'combine');
  const [first, ...others] = calibrations;
  return first && others.reduce((best, each) => (each.margin > best.margin ? each : best), first);
}

function leftFloat(name: string, before: readonly MeasuredAttempt[], state: SearchState): Choice {
  const base = bestCalibration(before);
  if (!base) return NOTHING_MEASURED;
  const { candidates } = base.measurement;
  const most = mostFloatLayers(candidates, state.maxFloatLayers);
  if (most < 1) return { passed: 'no layer may be left float' };
  // Those of the same rung are chosen from the same results.
  const counts = LADDER.slice(0, rungOf(name) + 1)
    .flatMap((rung) => Object.entries(rung))
    .flatMap(([each, { change }]) => (change.kind === 'float' ? [{ each, count: change.layers }] : []));
  const own = counts.findIndex(({ each }) => each === name);
  const [layers, fewer] = [own, own - 1].map((index) =>
    mostSensitive(candidates, Math.min(counts[index]?.count ?? 0, most)),
  ) as [string[], string[]];
  if (layers.length > fewer.length) return { recipe: withFloat(base.recipe, layers, state) };
  const why =
    counts[own - 1] !== undefined && counts[own - 1]!.count >= most
      ? `at most ${most} ${most === 1 ? 'layer' : 'layers'} may be left float`
      : `the next layers share their weights, and can be left float only together`;
  return { passed: why };
}

/** Between the fewest that hold and the most below them that do not. */
function fewerFloat(before: readonly MeasuredAttempt[], state: SearchState): Choice {
  const tried = before.filter(({ change }) => isOfFloat(change));
  const counts = (isHeld: boolean) =>
    tried.filter((attempt) => attempt.holds === isHeld).map(({ recipe }) => recipe.floatLayers.length);
  const fewest = Math.min(...counts(true));
  if (!Number.isFinite(fewest)) return { passed: 'no float layers were enough' };
  const missed = Math.max(0, ...counts(false).filter((count) => count < fewest));
  const base = bestCalibration(before);
  if (!base) return NOTHING_MEASURED;
  const layers = mostSensitive(base.measurement.candidates, Math.floor((missed + fewest) / 2));
  if (layers.length <= missed) return { passed: `${fewest} is the fewest that holds` };
  return { recipe: withFloat(base.recipe, layers, state) };
}

function withFloat(recipe: Recipe, floatLayers: readonly string[], { config }: SearchState): Recipe {
  return { ...recipe, config: leaveFloat(recipe.config ?? config.text, config.file, floatLayers), floatLayers };
}

function training(share: number, before: readonly MeasuredAttempt[], { training: own }: SearchState): Choice {
  if (own === undefined) return { passed: 'with mode: calibrate the project trains nothing' };
  const iterations = Math.max(1, Math.round(share * own.iterations));
  const same = before.find(({ measurement }) => measurement.iterations === iterations);
  if (same) return { passed: `${same.name} has as many iterations` };
  const base = bestCalibration(before);
  if (!base) return NOTHING_MEASURED;
  const { recipe } = base;
  return { recipe: { ...recipe, options: { ...recipe.options, mode: own.mode, maxIter: iterations } } };
}

/**
 * The cheapest attempt that holds: calibration before float layers, the fewer the better, before training, the shorter the
 * better; of equals the best. Where none holds, the one that comes nearest.
 */
export function bestAttempt(measured: readonly MeasuredAttempt[]): MeasuredAttempt | undefined {
  const held = measured.filter((attempt) => attempt.holds);
  const nearness = (a: MeasuredAttempt, b: MeasuredAttempt): number => b.margin - a.margin;
  if (held.length === 0) return [...measured].sort(nearness)[0];
  const [first] = held.sort(
    (a, b) =>
      a.measurement.iterations - b.measurement.iterations ||
      a.recipe.floatLayers.length - b.recipe.floatLayers.length ||
      rungOf(a.name) - rungOf(b.name) ||
      nearness(a, b),
  );
  return first;
}
