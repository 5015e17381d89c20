import { readSolverText } from '@caffe-quant/caffe-io';
import type { SolverMessage } from '@caffe-quant/kernels/layer-types';
import type { TextDocument } from 'caffe-prototxt-parser';
import {
  DiagnosticsError,
  fieldsOf,
  findField,
  formatFloat,
  hasErrors,
  insertBefore,
  printText,
  removeField,
  setScalar,
} from 'caffe-prototxt-parser';
import type { NamedText } from './net-of-text.ts';

/** Where the solver of a net that was trained from scratch is not at hand. */
const STANDARD = `# Fine-tuning with quantizers in place. The solver that the float net was trained with is not known. Without base_lr a short
# test on the data finds one; a hundredth of that of the float net is good too. max_iter should be a quarter of its iterations.
net: "train_val.prototxt"
type: "SGD"
lr_policy: "fixed"
momentum: 0.9
weight_decay: 0.0005
max_iter: 1000
test_iter: 10
test_interval: 250
display: 50
random_seed: 1
`;

const RATE_DIVISOR = 100;
const ITERATION_DIVISOR = 4;

/** Numbers of iterations: all shrink with the training. */
const ITERATIONS = ['max_iter', 'stepsize', 'test_interval', 'snapshot', 'warmup_iter', 'rampup_interval'] as const;
const ITERATION_LISTS = ['stepvalue', 'stageiter', 'plateau_winsize'] as const;

/** Learning rates. */
const RATES = ['base_lr', 'warmup_start_lr', 'rampup_lr', 'min_lr'] as const;

/** What names a net, or files, of the original training. */
const REPLACED = ['net', 'train_net', 'test_net', 'net_param', 'train_net_param', 'test_net_param', 'snapshot_prefix'];

/**
 * The solver of a training from scratch, made one of a fine-tuning with quantizers, as AMCT's documentation advises: a
 * hundredth of base_lr and a quarter of the iterations. Comments and everything else stay.
 *
 * @param original absent: a solver with common values
 * @param net path of the train_val prototxt
 * @throws DiagnosticsError where the original is not a solver, or says neither base_lr nor max_iter
 */
export function fineTuningSolver(original: NamedText | undefined, net: string): string {
  const { file, text } = original ?? { file: 'solver.prototxt', text: STANDARD };
  const { document, diagnostics, ...read } = readSolverText(text, file);
  const solver: SolverMessage = read.solver;
  if (hasErrors(diagnostics)) throw new DiagnosticsError(diagnostics);
  if (original !== undefined) {
    // The stages of this policy have rates of their own.
    const hasStages = solver.lr_policy === 'multifixed';
    const needed = hasStages ? (['max_iter'] as const) : (['base_lr', 'max_iter'] as const);
    const missing = needed.filter((field) => solver[field] === undefined);
    if (missing.length > 0) {
      const message = `the solver has no ${missing.join(' and no ')}`;
      throw new DiagnosticsError([{ code: 'solver-incomplete', severity: 'error', message, file }]);
    }
    for (const name of RATES) {
      const value = solver[name];
      if (value !== undefined) setScalar(document, name, fineRate(value));
    }
    solver.stagelr?.forEach((value, index) => setScalar(document, 'stagelr', fineRate(value), index));
    for (const name of ITERATIONS) {
      const value = solver[name];
      if (value !== undefined && value > 0) setScalar(document, name, quarter(value));
    }
    for (const name of ITERATION_LISTS) {
      solver[name]?.forEach((value, index) => setScalar(document, name, quarter(value), index));
    }
  }
  setNet(document, net);
  // Those of the original's other test nets.
  if (solver.test_net.length + solver.test_net_param.length > 0) {
    for (const name of ['test_iter', 'test_state']) {
      for (const field of fieldsOf(document, name).slice(1)) removeField(field, { keepComments: true });
    }
  }
  if (original === undefined) return printText(document);
  const [first] = fieldsOf(document);
  if (first === undefined) return printText(document);
  insertBefore(
    first,
    `random_seed: ${solver.random_seed !== undefined && solver.random_seed >= 0 ? solver.random_seed : 1}`,
  );
  for (const field of fieldsOf(document, 'random_seed').slice(1)) removeField(field, { keepComments: true });
  const { base_lr } = solver;
  const rate = base_lr === undefined ? 'stagelr' : `base_lr (${formatFloat(Math.fround(base_lr))})`;
  const head = `# Fine-tuning with quantizers in place: a hundredth of the original ${rate}, a quarter of its ${solver.max_iter} iterations.\n`;
  return head + printText(document);
}

/** One `net:`, in the place of whatever named one. */
function setNet(document: TextDocument, net: string): void {
  const named = REPLACED.flatMap((name) => fieldsOf(document, name));
  if (findField(document, 'net') === undefined) {
    const [first] = fieldsOf(document);
    if (first !== undefined) insertBefore(first, 'net: ""');
  }
  setScalar(document, 'net', net);
  for (const field of named.filter(({ name }) => name !== 'net')) removeField(field, { keepComments: true });
}

const fineRate = (rate: number): number => Math.fround(rate / RATE_DIVISOR);

function quarter(iterations: number): number {
  return Math.max(1, Math.round(iterations / ITERATION_DIVISOR));
}
