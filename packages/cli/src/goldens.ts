import type { GoldenResult, Measure } from '@caffe-quant/goldens';
import { type Diagnostic, DiagnosticsError } from 'caffe-prototxt-parser';
import { OPTION_LIST } from '@caffe-quant/pipeline/options';
import type { Command } from './command.ts';

const OPTIONS = { device: OPTION_LIST.device };

/** Milliseconds of a case from which on it is told that it is done, so that a slow device is seen to go on. */
const SLOW = 5000;

/** `caffe-quant goldens`: whether this engine gives Caffe's and AMCT's numbers. */
export const goldensCommand: Command<typeof OPTIONS> = {
  name: 'goldens',
  summary: 'hold the engine against reference numbers of Caffe and AMCT',
  description:
    'Holds this engine against reference numbers of Caffe and of AMCT: every golden set below the folder, a <name>.json beside a <name>.bin (sets arq, ulq, clipcheck, ifmr, quant, layers, solver, lr and trajectories).',
  notes: `Prints the passed cases and the worst error of each set, every case that fails, and a table of all sets of one kind; ends with the line 'N passed, N failed, N skipped'. A case
that is empty or cannot be read, or that is of a layer without a kernel, failed. The exit status is 1 where something failed.

With another device than cpu the engine's numbers are that device's, as they come: nothing is held against the processor first.

An error of a layer is max|x - reference| / max(max|reference|, 1e-6) of the worst tensor; limit 0 means bit by bit.`,
  folder: { description: 'Where the sets are, folders in it included.' },
  options: OPTIONS,
  async run({ folder, options: { device } }, { out, error }) {
    // The engine takes a while to load; no other command is to wait for it.
    const { checkGoldens, excess } = await import('@caffe-quant/goldens');
    const { expectSumsShowNaN } = await import('@caffe-quant/kernels');
    // A device that is not there is one thing to be said, and no failure of every case.
    if (device !== undefined && device !== 'cpu') await expectSumsShowNaN(device);
    const all: GoldenResult[] = [];
    let set: GoldenResult[] = [];
    const finishSet = () => {
      if (set[0]) out(`${set[0].set}: ${summaryOf(set, excess)}`);
      set = [];
    };
    let before = performance.now();
    for await (const result of checkGoldens(folder, device)) {
      if (set[0] !== undefined && set[0].set !== result.set) finishSet();
      set.push(result);
      all.push(result);
      if (result.outcome !== 'passed') out(lineOf(result));
      const now = performance.now();
      if (now - before > SLOW) error(`${result.set} ${result.name}: ${((now - before) / 1000).toFixed(0)} s`);
      before = now;
    }
    finishSet();
    // An empty folder shows nothing at all, which is not success.
    if (all.length === 0) throw new DiagnosticsError([noSets(folder)]);
    const kinds = new Map<string, GoldenResult[]>();
    for (const result of all) {
      const kind = result.kind ?? 'unreadable';
      kinds.set(kind, [...(kinds.get(kind) ?? []), result]);
    }
    if (kinds.size > 1) {
      out('');
      for (const [kind, results] of kinds) out(`${`${kind}:`.padEnd(12)} ${summaryOf(results, excess)}`);
    }
    const count = (outcome: GoldenResult['outcome']) => all.filter((result) => result.outcome === outcome).length;
    out(`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
    return count('failed') > 0 ? 1 : 0;
  },
};

function noSets(folder: string): Diagnostic {
  return { code: 'no-goldens', severity: 'error', message: `${folder} holds no golden sets` };
}

function lineOf({ set, name, outcome, worst, message = '' }: GoldenResult): string {
  return `${outcome}: ${set}${name && ` ${name}`}: ${worst ? measureOf(worst) : message}`;
}

function summaryOf(results: readonly GoldenResult[], excess: (measure: Measure) => number): string {
  const passed = results.filter(({ outcome }) => outcome === 'passed').length;
  const skipped = results.filter(({ outcome }) => outcome === 'skipped').length;
  const counts = `${passed} of ${results.length - skipped} passed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  const measured = results.flatMap((result) => (result.worst ? [{ ...result, worst: result.worst }] : []));
  if (measured.length === 0) return `${counts}, nothing compared`;
  const { set, name, worst } = measured.reduce((a, b) => (excess(b.worst) > excess(a.worst) ? b : a));
  const isOfOne = results.every((result) => result.set === set);
  return `${counts}, worst: ${measureOf(worst)} in ${isOfOne ? name : `${set} ${name}`}`;
}

function measureOf({ what, error, limit }: Measure): string {
  return `${what} ${Number.isFinite(error) ? formatError(error) : 'differs'} (limit ${formatError(limit)})`;
}

function formatError(error: number): string {
  return error === 0 ? '0' : error.toExponential(1);
}
