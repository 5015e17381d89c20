import type { SolverParameter, SolverText } from '@caffe-quant/caffe-io';
import type { Diagnostic, MessageNode, Position } from 'caffe-prototxt-parser';
import { messagesOf, positionOf, printSyntax } from 'caffe-prototxt-parser';

const TRAIN_FIELDS = ['net', 'net_param', 'train_net', 'train_net_param'] as const;

type NetField = (typeof TRAIN_FIELDS)[number] | 'test_net' | 'test_net_param';

/** A net as a solver names it. */
export interface NamedNet {
  readonly field: NetField;
  /** As it is written; absent where the net stands in the solver itself. */
  readonly path?: string;
  readonly inline?: InlineNet;
  /** In the solver. */
  readonly position: Position | undefined;
}

/** A net that stands in another file. */
export interface InlineNet {
  /** As it stands there, all else of the file being blank: lines and columns are the file's. */
  readonly text: string;
  /** By itself. */
  readonly body: string;
}

/** The nets that a solver names. */
export interface SolverNets {
  /** Absent where it names none, or several: an error says so. */
  readonly train?: NamedNet;
  /** In Caffe's order; one that is tested several times is there once. None: the solver tests nothing. */
  readonly tests: readonly NamedNet[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Which nets a solver trains and tests. The net for training is named once. Those for tests are `test_net_param`, then
 * `test_net`; what `test_iter` has more than these are tests of `net` or `net_param` themselves.
 * Source: BVLC Caffe, Solver::InitTrainNet and Solver::InitTestNets in src/caffe/solver.cpp.
 *
 * @param file of the solver, for messages
 */
export function solverNets(read: SolverText, file: string): SolverNets {
  const { solver } = read;
  const given = TRAIN_FIELDS.filter((field) => solver[field] !== undefined);
  const [field, ...others] = given;
  const diagnostics: Diagnostic[] = [];
  const report = (at: NetField | undefined, message: string, hint: string): void => {
    const position = at && read.locate(solver, at);
    diagnostics.push({ code: 'no-net', severity: 'error', message, file, ...position, hint });
  };
  if (field === undefined) {
    const hint =
      'add `net: "<train_val prototxt>"`, or give the option net; Caffe knows train_net, net_param and train_net_param too';
    report(undefined, 'the solver names no net', hint);
  }
  for (const other of others) {
    report(other, `the solver names a net to train by \`${other}\`, and one by \`${field}\``, 'keep one of them');
  }
  const named: NamedNet[] = [...inlineNets(read, 'test_net_param'), ...netFiles(read, 'test_net')];
  if (field === undefined || others.length > 0) return { tests: named, diagnostics };
  const [train] = isInline(field) ? inlineNets(read, field) : netFiles(read, field);
  const isGeneric = field === 'net' || field === 'net_param';
  if (train && isGeneric && solver.test_iter.length > named.length) named.push(train);
  return { ...(train && { train }), tests: named, diagnostics };
}

/**
 * Whether a solver says for each of its test nets how it is tested.
 *
 * @param replaced whether an option names another net, in place of all of the solver's
 */
export function testNetProblems(read: SolverText, file: string, replaced: boolean): Diagnostic[] {
  const { solver, locate } = read;
  const { test_iter: iterations, test_state: states, test_interval: interval = 0 } = solver;
  const problems: Diagnostic[] = [];
  const report = (field: keyof SolverParameter & string, message: string, hint: string): void => {
    problems.push({ code: 'test-nets', severity: 'error', message, file, ...locate(solver, field), hint });
  };
  const named = replaced ? 0 : solver.test_net.length + solver.test_net_param.length;
  const isGeneric = replaced || solver.net !== undefined || solver.net_param !== undefined;
  const nets = `${named} test ${named === 1 ? 'net' : 'nets'}`;
  if (isGeneric ? iterations.length < named : iterations.length !== named) {
    const field = iterations.length > 0 ? 'test_iter' : solver.test_net.length > 0 ? 'test_net' : 'test_net_param';
    report(field, `the solver has ${nets}, but ${iterations.length} test_iter`, 'give one test_iter for each test net');
    return problems;
  }
  if (states.length > 0 && states.length !== iterations.length) {
    const message = `the solver has ${states.length} test_state for ${iterations.length} test_iter`;
    report('test_state', message, 'give one for each test net, or none');
  }
  if (iterations.length > 0 && interval < 1) {
    report('test_iter', 'the solver has test_iter, but no test_interval', 'add test_interval, or leave out test_iter');
  }
  return problems;
}

const isInline = (field: NetField): field is 'net_param' | 'train_net_param' | 'test_net_param' =>
  field.endsWith('_param');

function netFiles({ solver, locate }: SolverText, field: 'net' | 'train_net' | 'test_net'): NamedNet[] {
  if (field !== 'test_net') return [{ field, path: solver[field] ?? '', position: locate(solver, field) }];
  return solver.test_net.map((path, i) => ({ field, path, position: locate(solver, field, i) }));
}

function inlineNets({ document }: SolverText, field: 'net_param' | 'train_net_param' | 'test_net_param'): NamedNet[] {
  return messagesOf(document, field).map((node) => ({ field, inline: inlineNet(node), position: positionOf(node) }));
}

function inlineNet(node: MessageNode): InlineNet {
  const { line, column } = node.open!;
  const text = `${node.open!.trailing}${node.entries.map(printSyntax).join('')}${node.close?.leading ?? ''}`;
  return { text: '\n'.repeat(line - 1) + ' '.repeat(column) + text, body: unindented(text) };
}

/** Less the blanks that all lines but the first, which begins behind a brace, have before them. */
function unindented(text: string): string {
  const [head = '', ...lines] = text.trimEnd().split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => /^\s*/.exec(line)![0].length);
  const indent = Math.min(...indents);
  const all = [head.trim(), ...lines.map((line) => line.slice(indent))];
  return all
    .map((line) => `${line}\n`)
    .join('')
    .trimStart();
}
