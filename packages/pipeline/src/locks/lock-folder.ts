import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { removeAbandoned } from './drafts.ts';
import { type Lock, type LockHolder, type LockRequest, tryLock } from './lock-file.ts';
import { lifeOf } from './process-identity.ts';

/** In a locked folder. */
export const LOCK_FILE = '.lock';

const POLL_MS = 200;
const DEFAULT_WAIT_S = 60;

export interface FolderLockRequest extends LockRequest {
  /** Whether a run that is seen to be alive is waited for without a limit. */
  readonly patient: boolean;
  /** How another folder can be had, for the hint. */
  readonly instead: string;
  readonly signal: AbortSignal;
  print(text: string): void;
  /** Paths are shown from here. */
  readonly workspaceRoot: string;
}

/**
 * Takes a folder for one run, makes it where it is not there, and clears from it what runs that were killed have left. A
 * lock of another run is waited for, and said.
 *
 * Environment: `CAFFE_QUANT_LOCK_WAIT`, the seconds that an owner is waited for of which nobody here can tell whether it
 * still runs; without `patient` any owner; default 60.
 *
 * @param name of the lock's file, for a folder with more than one
 * @throws DiagnosticsError where the wait was in vain, with what to do
 * @throws the signal's reason where it is aborted meanwhile
 */
export async function lockFolder(folder: string, request: FolderLockRequest, name = LOCK_FILE): Promise<Lock> {
  const file = join(folder, name);
  const shown = relative(request.workspaceRoot, folder) || '.';
  const limit = waitSeconds();
  const began = performance.now();
  let told = '';
  for (;;) {
    request.signal.throwIfAborted();
    const attempt = tryLock(file, request);
    if ('lock' in attempt) {
      await removeAbandoned(folder);
      return attempt.lock;
    }
    const { holder } = attempt;
    const isSeen = holder.owner !== undefined && lifeOf(holder.owner) === 'running';
    const waited = (performance.now() - began) / 1000;
    if (waited >= limit && !(isSeen && request.patient)) {
      throw new DiagnosticsError([inUse(holder, isSeen, { folder: shown, file, limit, instead: request.instead })]);
    }
    const who = describe(holder, isSeen);
    if (told !== who) {
      const upTo = isSeen && request.patient ? '' : ` (at most ${limit} seconds)`;
      request.print(`${shown} is in use by ${who}; waiting for it to end${upTo}`);
      told = who;
    }
    await sleep(POLL_MS, undefined, { signal: request.signal });
  }
}

function inUse(
  holder: LockHolder,
  isSeen: boolean,
  { folder, file, limit, instead }: { folder: string; file: string; limit: number; instead: string },
): Diagnostic {
  const message = `another run works in ${folder}: ${describe(holder, isSeen)}; waited ${limit} seconds for it`;
  const hint = isSeen
    ? `wait for it to end, or ${instead}`
    : `whether it still runs cannot be seen from here: if it does not, delete ${file}; else ${instead}`;
  return { code: 'in-use', severity: 'error', message, file, hint };
}

function describe({ owner, since, subject }: LockHolder, isSeen: boolean): string {
  if (owner === undefined) return 'a process that its lock does not name';
  const where = isSeen ? '' : ` on ${owner.host}`;
  return `process ${owner.pid}${where} (${subject}, since ${since})`;
}

function waitSeconds(): number {
  const text = process.env['CAFFE_QUANT_LOCK_WAIT'] || String(DEFAULT_WAIT_S);
  if (/^\d+(\.\d+)?$/.test(text.trim())) return Number(text);
  const message = `CAFFE_QUANT_LOCK_WAIT is '${text}', which is not a number of seconds`;
  throw new DiagnosticsError([{ code: 'lock-wait', severity: 'error', message, hint: 'for example 60' }]);
}
