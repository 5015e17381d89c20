import { optionNameOf } from '@caffe-quant/pipeline/options';
import { NX_TEXT_FLAGS, NX_TRUTH_FLAGS } from './nx-flags.ts';

/** What a command line of Nx asks for, as far as it runs tasks. */
export interface RunRequest {
  /** Absent: every project that has the targets, or those that are affected. */
  readonly projects?: readonly string[];
  /** Whether only affected projects run, of which the command line does not say which they are. */
  readonly isAffected: boolean;
  readonly targets: readonly string[];
  readonly configuration?: string;
  /** What is meant for the tasks. */
  readonly words: readonly string[];
  /** Options that Nx drops: with `--`, only what stands behind that reaches a task. */
  readonly dropped: readonly string[];
}

const TEXT: ReadonlySet<string> = new Set(NX_TEXT_FLAGS);
const TRUTH: ReadonlySet<string> = new Set(NX_TRUTH_FLAGS);
/** Nx takes all words up to the next flag for these, but with `nx run`. */
const LISTS: ReadonlySet<string> = new Set(['p', 'projects', 'exclude', 'files', 't', 'target', 'targets']);

/**
 * Reads a command line as Nx does.
 *
 * @param argv of the process, with the two words before the command
 * @param hasProject whether the workspace has a project of that name
 * @returns undefined where it runs no tasks, or is not understood
 */
export function parseRunRequest(
  argv: readonly string[],
  hasProject: (name: string) => boolean,
): RunRequest | undefined {
  const [command, ...rest] = argv.slice(2);
  if (command === undefined) return undefined;
  const isMany = command === 'run-many' || command === 'affected';
  const split = rest.indexOf('--');
  const { flags, words } = readFlags(split < 0 ? rest : rest.slice(0, split), isMany);
  const behind = split < 0 ? undefined : rest.slice(split + 1);
  const configuration = flags.get('configuration') ?? flags.get('c') ?? (flags.has('prod') ? 'production' : undefined);
  const common = (left: readonly string[], named = configuration) => ({
    ...(named !== undefined && { configuration: named }),
    words: behind ?? left,
    dropped: behind === undefined ? [] : left,
  });
  if (isMany) {
    const targets = listed(flags.get('targets') ?? flags.get('target') ?? flags.get('t'));
    const projects = listed(flags.get('projects') ?? flags.get('p'));
    if (targets.length === 0) return undefined;
    const isAffected = command === 'affected';
    return { isAffected, targets, ...(projects.length > 0 && { projects }), ...common(words) };
  }
  const task = command === 'run' ? taskOf(words, flags) : infixTaskOf(command, words, flags);
  if (task === undefined || !hasProject(task.project)) return undefined;
  const { project, target, left } = task;
  return {
    isAffected: false,
    projects: [project],
    targets: [target],
    ...common(left, configuration ?? task.configuration),
  };
}

interface Task {
  readonly project: string;
  readonly target: string;
  readonly configuration?: string;
  /** The words that are left. */
  readonly left: readonly string[];
}

/** `project:target:configuration`, or `--project` and `--target`. */
function taskOf(words: readonly string[], flags: ReadonlyMap<string, string>): Task | undefined {
  const project = flags.get('project') ?? flags.get('p');
  const target = flags.get('target') ?? flags.get('t');
  if (project !== undefined && target !== undefined) return { project, target, left: words };
  const [first = '', ...left] = words;
  const [name = '', named, configuration] = first.split(':');
  if (target !== undefined) return { project: name, target, left };
  if (named === undefined) return undefined;
  return { project: name, target: named, ...(configuration && { configuration }), left };
}

/** `nx <target> <project>`. */
function infixTaskOf(target: string, words: readonly string[], flags: ReadonlyMap<string, string>): Task | undefined {
  const named = flags.get('project') ?? flags.get('p');
  if (named !== undefined) return { project: named, target, left: words };
  const [project, ...left] = words;
  return project === undefined ? undefined : { project, target, left };
}

/** Nx's own flags, and the words that are none. */
function readFlags(args: readonly string[], isMany: boolean): { flags: Map<string, string>; words: string[] } {
  const flags = new Map<string, string>();
  const words: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    const [, flag = word, written] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
    const name = optionNameOf(flag);
    const isNo = flag.startsWith('--no-') && TRUTH.has(optionNameOf(flag.slice('--no-'.length)));
    if (!word.startsWith('-') || !(TEXT.has(name) || TRUTH.has(name) || isNo)) {
      words.push(word);
      continue;
    }
    if (isNo) continue;
    const values: string[] = written === undefined ? [] : [written];
    const isList = isMany && LISTS.has(name);
    while (written === undefined && (isList || values.length === 0) && isValue(name, args[i + 1]))
      values.push(args[++i]!);
    if (written !== 'false' && values[0] !== 'false') flags.set(name, values.join(','));
  }
  return { flags, words };
}

function isValue(flag: string, next: string | undefined): boolean {
  if (next === undefined || next.startsWith('-')) return false;
  return TEXT.has(flag) || next === 'true' || next === 'false';
}

function listed(text: string | undefined): string[] {
  return (text ?? '').split(/[,\s]+/).filter((name) => name !== '');
}
