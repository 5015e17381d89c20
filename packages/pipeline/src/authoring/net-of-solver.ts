import { buildNetGraph, readNetText, readSolverText, type Phase } from '@caffe-quant/caffe-io';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { DiagnosticsError, hasErrors } from 'caffe-prototxt-parser';
import { mergeNets } from '../project/merge-nets.ts';
import { statesOf, type NetStates } from '../project/net-states.ts';
import { solverNets, type NamedNet } from '../project/solver-nets.ts';
import type { NamedText } from './net-of-text.ts';

/** Looks up a file that a solver names, by the path as it is written; undefined where there is none. */
export type ReadNamed = (path: string) => NamedText | undefined;

/** The net of a solver in one prototxt, and what there is to say about that. */
export interface NetOfSolver {
  readonly net: NamedText;
  readonly notes: readonly Diagnostic[];
}

/**
 * The net that a solver trains and tests. Where these are two, they are made one with rules for its phases; of several to
 * test the first counts.
 *
 * @param given the net to train, or the first to test, where the user has it elsewhere than the solver says. With phases of
 *   its own it is all of the net.
 * @throws DiagnosticsError where the text is not a solver, or names no net or one that is not there
 */
export function netOfSolver(solver: NamedText, read: ReadNamed, given?: NamedText): NetOfSolver {
  const { file } = solver;
  const text = readSolverText(solver.text, file);
  if (hasErrors(text.diagnostics)) throw new DiagnosticsError(text.diagnostics);
  const { train: named, tests, diagnostics } = solverNets(text, file);
  const [test] = tests;
  // A solver that names its test net alone trains the one that is given.
  const train: NamedNet | undefined =
    named ?? (given && test && { field: 'train_net', path: given.file, position: undefined });
  const isTwo = train !== undefined && test !== undefined && test !== train;
  const own =
    given && isTwo
      ? isDeploy(given)
        ? 'takes its data from outside'
        : hasPhases(given) && 'has a TEST phase of its own'
      : false;
  if (given && (!isTwo || own)) {
    const message = isTwo && `${given.file} ${own}: ${shown(test)} is left out`;
    return { net: given, notes: message ? [noteOn(test, file, message)] : [] };
  }
  if (!train) throw new DiagnosticsError(diagnostics);
  const open = (net: NamedNet): NamedText => {
    if (net.inline) return { file, text: net.inline.body };
    const found = read(net.path ?? '');
    if (found) return found;
    throw new DiagnosticsError([{ ...noteOn(net, file, `there is no net '${net.path}'`), severity: 'error' }]);
  };
  if (!isTwo) return { net: open(train), notes: [] };
  const testNet = open(test);
  const trainNet = given && given.file !== testNet.file ? given : open(train);
  const notes = tests[1] ? [noteOn(tests[1], file, `of the test nets only the first counts: ${testNet.file}`)] : [];
  const states = statesOf(text.solver);
  const problems = [...problemsIn(trainNet, 'TRAIN', states), ...problemsIn(testNet, 'TEST', states)];
  if (hasErrors(problems)) throw new DiagnosticsError(problems);
  const merged = mergeNets(trainNet, testNet, states);
  return { net: { file: trainNet.file, text: merged.text }, notes };
}

/** Whether a net is one for inference alone: what the solver trains and tests is another form of it. */
function isDeploy({ file, text }: NamedText): boolean {
  const { net, diagnostics } = readNetText(text, file);
  if (hasErrors(diagnostics)) return false;
  return buildNetGraph(net, { file, phase: 'TEST' }).graph.layers.some(({ type }) => type === 'Input');
}

/** Whether a net is sound in both phases, and not the same in them. */
function hasPhases({ file, text }: NamedText): boolean {
  const { net, diagnostics } = readNetText(text, file);
  const [train, test] = (['TRAIN', 'TEST'] as const).map((phase) => buildNetGraph(net, { file, phase }));
  if (hasErrors([...diagnostics, ...train!.diagnostics, ...test!.diagnostics])) return false;
  const [trained, tested] = [train!, test!].map(({ graph }) => graph.layers.map(({ param }) => param));
  return trained!.length !== tested!.length || trained!.some((layer, i) => layer !== tested![i]);
}

/** All that is wrong with a net in a phase, by its own lines. */
function problemsIn({ file, text }: NamedText, phase: Phase, states: NetStates | undefined): Diagnostic[] {
  const { net, locate, diagnostics } = readNetText(text, file);
  const { stage: stages = [], level } = states?.[phase] ?? {};
  if (hasErrors(diagnostics)) return diagnostics;
  return buildNetGraph(net, { file, phase, locate, stages, ...(level !== undefined && { level }) }).diagnostics;
}

const shown = ({ field, path }: NamedNet): string => (path === undefined ? `the solver's ${field}` : `'${path}'`);

function noteOn(net: NamedNet, file: string, message: string): Diagnostic {
  return { code: 'solver-net', severity: 'warning', message, file, ...net.position };
}
