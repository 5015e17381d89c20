import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildNetGraph,
  type NetText,
  readNetText,
  readSolverText,
  readWeightsFile,
  type SolverText,
} from '@caffe-quant/caffe-io';
import { checkNet, checkSolver } from '@caffe-quant/kernels/layer-types';
import {
  decodeText,
  type Diagnostic,
  DiagnosticsError,
  encodeText,
  formatDiagnostics,
  hasErrors,
  printText,
} from 'caffe-prototxt-parser';
import type { Command } from './command.ts';

/** `caffe-quant corpus`: how many of a folder's files can be read. */
export const corpusCommand: Command = {
  name: 'corpus',
  summary: 'read every prototxt and caffemodel below a folder',
  description: `Reads all of Caffe's files below a folder: every .prototxt is parsed, read as a net or a solver, printed back byte for byte, and held against the fields, bottoms and tops that its layers, or training, take; every .caffemodel and .h5 is loaded.`,
  notes: `Lists what fails with its first error, and ends with the line 'N passed, N failed, N skipped'. Skipped are solver states.
The exit status is 1 where something failed.`,
  folder: { description: 'Where to look, folders in it included.' },
  options: {},
  async run({ folder }, { out }) {
    let [passed, failed, skipped] = [0, 0, 0];
    for (const file of filesBelow(folder)) {
      if (isSolverState(file)) {
        skipped++;
        continue;
      }
      const problem = await problemOf(join(folder, file), file);
      if (problem === undefined) passed++;
      else {
        failed++;
        out(`failed: ${problem}`);
      }
    }
    out(`${passed} passed, ${failed} failed, ${skipped} skipped`);
    return failed > 0 ? 1 : 0;
  },
};

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && /\.(prototxt|caffemodel|h5)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, '/').length))
    .sort();
}

function isSolverState(file: string): boolean {
  return file.endsWith('.solverstate.h5');
}

/** The first thing that is wrong with a file, as text; `undefined` where nothing is. */
async function problemOf(path: string, shown: string): Promise<string | undefined> {
  try {
    return shown.endsWith('.prototxt') ? textProblem(readFileSync(path), shown) : await weightsProblem(path, shown);
  } catch (error) {
    return `${shown}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function weightsProblem(path: string, file: string): Promise<string | undefined> {
  try {
    await readWeightsFile(path);
    return undefined;
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    return firstError(
      error.diagnostics.map((diagnostic) => ({ ...diagnostic, file })),
      new Map(),
    );
  }
}

function textProblem(bytes: Uint8Array, file: string): string | undefined {
  const text = decodeText(bytes);
  const { document, diagnostics } = bestReading(text, file);
  if (hasErrors(diagnostics)) return firstError(diagnostics, new Map([[file, text]]));
  if (!Buffer.from(encodeText(printText(document))).equals(bytes))
    return `${file}: error: it is not printed back as it is`;
  return undefined;
}

/** As a net where it has layers, else as a solver where that leaves fewer errors: the name of a file says little. */
function bestReading(text: string, file: string): Pick<NetText, 'document' | 'diagnostics'> {
  const net = readNetText(text, file);
  const hasLayers = net.net.layer.length > 0 || net.net.layers.length > 0;
  if (hasLayers || !hasErrors(net.diagnostics)) return checked(net, () => netProblems(net, file));
  const solver = readSolverText(text, file);
  if (errorCount(solver.diagnostics) >= errorCount(net.diagnostics)) return net;
  return checked(solver, () => checkSolver(solver.solver, { ...solver, file }));
}

/** What was read, with what is wrong with its contents where it could be read at all. */
function checked<Read extends NetText | SolverText>(read: Read, check: () => Diagnostic[]): Read {
  return hasErrors(read.diagnostics) ? read : { ...read, diagnostics: [...read.diagnostics, ...check()] };
}

function netProblems({ net, dialect, locate }: NetText, file: string): Diagnostic[] {
  const graphs = (['TRAIN', 'TEST'] as const).map((phase) => buildNetGraph(net, { file, phase, locate }).graph);
  return checkNet(
    net,
    dialect,
    graphs.map((graph) => ({ graph, locate })),
  );
}

function errorCount(diagnostics: readonly Diagnostic[]): number {
  return diagnostics.filter(({ severity }) => severity === 'error').length;
}

function firstError(diagnostics: readonly Diagnostic[], sources: ReadonlyMap<string, string>): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const others = errors.length > 1 ? `\n  and ${errors.length - 1} more` : '';
  return formatDiagnostics(errors.slice(0, 1), sources) + others;
}
