import type { GoldenResult, Measure } from '@caffe-quant/goldens';
import { type Diagnostic, DiagnosticsError } from 'caffe-prototxt-parser';
import { OPTION_LIST } from '@caffe-quant/pipeline/options';
import type { Command } from './command.ts';

const OPTIONS = { device: OPTION_LIST.device };

/** `caffe-quant goldens`: whether this engine gives Caffe's and AMCT's numbers. */
export const goldensCommand: Command<typeof OPTIONS> = {
  name: 'goldens',
  summary: 'hold the engine against reference numbers of Caffe and AMCT',
  description:
    'Holds this engine against reference numbers of Caffe and of AMCT: every golden set below the folder, a <name>.json beside a <name>.bin (sets arq, ulq, clipcheck, ifmr, quant, layers, solver, lr and trajectories).',
  notes: `Prints the worst error of each set and every case that fails, and ends with the line 'N passed, N failed, N skipped'. A case
that is empty or cannot be read, or that is of a layer without a kernel, failed. The exit status is 1 where something failed.

With another device than cpu the engine's numbers are that device's, as they come: nothing is held against the processor first.

An error of a layer is max|x - reference| / max(max|reference|, 1e-6) of the worst tensor; limit 0 means bit by bit.`,
  folder: { description: 'Where the sets are, folders in it included.' },
  options: OPTIONS,
  async run({ folder, options: { device } }, { out }) {
    // The engine takes a while to load; no other command is to wait for it.
    const { checkGoldens, excess } = await import('@caffe-quant/goldens');
    const counts = { passed: 0, failed: 0, skipped: 0 };
    let set: GoldenResult[] = [];
    const finishSet = () => {
      if (set.length > 0) out(summaryOf(set, excess));
      set = [];
    };
    for await (const result of checkGoldens(folder, device)) {
      if (set[0] !== undefined && set[0].set !== result.set) finishSet();
      set.push(result);
      counts[result.outcome]++;
      if (result.outcome !== 'passed') out(lineOf(result));
    }
    finishSet();
    // An empty folder shows nothing at all, which is not success.
    if (counts.passed + counts.failed + counts.skipped === 0) throw new DiagnosticsError([noSets(folder)]);
    out(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
    return counts.failed > 0 ? 1 : 0;
  },
};

function noSets(folder: string): Diagnostic {
  return { code: 'no-goldens', severity: 'error', message: `${folder} holds no golden sets` };
}

function lineOf({ set, name, outcome, worst, message = '' }: GoldenResult): string {
  return `${outcome}: ${set}${name && ` ${name}`}: ${worst ? measureOf(worst) : message}`;
}

function summaryOf(results: readonly GoldenResult[], excess: (measure: Measure) => number): string {
  const measured = results.flatMap(({ name, worst }) => (worst ? [{ name, worst }] : []));
  const cases = `${results.length} ${results.length === 1 ? 'case' : 'cases'}`;
  const title = `${results[0]?.set ?? ''}: ${cases}`;
  if (measured.length === 0) return `${title}, nothing compared`;
  const { name, worst } = measured.reduce((a, b) => (excess(b.worst) > excess(a.worst) ? b : a));
  return `${title}, worst: ${measureOf(worst)} in ${name}`;
}

function measureOf({ what, error, limit }: Measure): string {
  return `${what} ${Number.isFinite(error) ? formatError(error) : 'differs'} (limit ${formatError(limit)})`;
}

function formatError(error: number): string {
  return error === 0 ? '0' : error.toExponential(1);
}
