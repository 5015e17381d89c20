import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { systemErrorCode } from '../system-error.ts';

/** One process, told apart from all that had its number before and from those of other machines. */
export interface ProcessIdentity {
  /** The machine's name, for people. */
  readonly host: string;
  /** Twelve hexadecimal digits: equal only where a process number means the same, so not for two containers. */
  readonly machine: string;
  readonly pid: number;
  /** When the process began, as the system counts it; empty where the system does not tell. */
  readonly start: string;
}

/** `unknown`: it belongs to another machine, or to a container whose processes cannot be seen from here. */
export type Life = 'running' | 'ended' | 'unknown';

export function identityOf(pid: number = process.pid): ProcessIdentity {
  return { host: hostname(), machine: machine(), pid, start: startOf(pid) ?? '' };
}

export function isSameProcess(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.machine === b.machine && a.pid === b.pid && a.start === b.start;
}

export function lifeOf({ machine: its, pid, start }: ProcessIdentity): Life {
  if (its !== machine()) return 'unknown';
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (systemErrorCode(error) !== 'EPERM') return 'ended';
  }
  const now = startOf(pid);
  // A killed process whose parent has not asked for its end yet still has its number.
  if (now === undefined) return 'ended';
  return now !== '' && start !== '' && now !== start ? 'ended' : 'running';
}

/** The identity as part of a file's name; the host's name is not in it. */
export function identityName({ machine: its, pid, start }: ProcessIdentity): string {
  return `${its}-${pid}-${start}`;
}

/** What `identityName` makes, as a regular expression without groups. */
export const IDENTITY_NAME = '[0-9a-f]{12}-\\d+-[0-9a-z]*';

export function identityFromName(name: string): ProcessIdentity {
  const [its = '', pid = '', start = ''] = name.split('-');
  return { host: '', machine: its, pid: Number(pid), start };
}

let ownMachine: string | undefined;

function machine(): string {
  return (ownMachine ??= digest(
    hostname(),
    // Without an identity of the installation, as in many containers, one start of the system counts as one machine.
    textOf('/etc/machine-id') || bootId(),
    pidNamespace(),
  ).slice(0, 12));
}

/** @returns `undefined` for a process that has ended */
function startOf(pid: number): string | undefined {
  if (process.platform === 'win32') return '';
  if (process.platform === 'linux') {
    const stat = textOf(`/proc/${pid}/stat`);
    // proc(5): the second field is the name, in parentheses, and may hold anything; the third is the state, the 22nd the start.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const ticks = fields[19];
    return ticks === undefined ? '' : `${digest(bootId()).slice(0, 8)}t${ticks}`;
  }
  try {
    const options = { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' }, stdio: ['ignore', 'pipe', 'ignore'] };
    return digest(execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], options as { encoding: 'utf8' })).slice(
      0,
      12,
    );
  } catch {
    return '';
  }
}

function bootId(): string {
  return textOf('/proc/sys/kernel/random/boot_id');
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

function digest(...texts: string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex');
}
