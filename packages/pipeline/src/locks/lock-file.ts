import { randomBytes } from 'node:crypto';
import { closeSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { systemErrorCode } from '../system-error.ts';
import { draftPath } from './drafts.ts';
import { identityOf, isSameProcess, lifeOf, type ProcessIdentity } from './process-identity.ts';

/** Who has a lock, as its file says; nothing is known of one whose file cannot be understood. */
export interface LockHolder {
  readonly owner?: ProcessIdentity;
  /** ISO 8601. */
  readonly since?: string;
  /** What the owner works for, such as a project. */
  readonly subject?: string;
}

export interface Lock {
  readonly file: string;
  /** Also done when the process exits. */
  release(): void;
}

export interface LockRequest {
  /** The process whose end frees the lock; default: this one. */
  readonly owner?: ProcessIdentity;
  readonly subject: string;
  /**
   * Whether whoever asks for the same owner and subject shares the lock: the stages of one run of Nx, each a process.
   * It is then kept until somebody releases it, or the owner ends.
   */
  readonly shared?: boolean;
}

interface LockContent extends Required<LockHolder> {
  readonly token: string;
}

/** More than others can be in between; a lock that is a link to nowhere would never end it. */
const ATTEMPTS = 100;

/** File systems without hard links. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/**
 * Takes a lock, which is a file: whoever creates it has it. One whose owner has ended is taken over.
 *
 * @throws the system's error where the file cannot be written
 */
export function tryLock(file: string, request: LockRequest): { lock: Lock } | { holder: LockHolder } {
  const owner = request.owner ?? identityOf();
  const { subject } = request;
  const own = { token: randomBytes(8).toString('hex'), owner, subject, since: new Date().toISOString() };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (create(file, own)) return { lock: lockOf(file, own.token, request.shared ?? false) };
    const holder = read(file);
    if (holder === 'gone') continue;
    if (holder === 'unclear') return { holder: {} };
    if (request.shared && isSameProcess(holder.owner, owner) && holder.subject === subject) {
      return { lock: lockOf(file, holder.token, true) };
    }
    if (lifeOf(holder.owner) !== 'ended' || !breakLock(file, holder.token)) return { holder };
  }
  return { holder: {} };
}

/**
 * Removes the lock of a process that has ended. Of those who find it at the same time one alone may do so, and only while
 * it is this very lock: who comes later would remove a new owner's.
 *
 * @returns false where another process is at it
 */
function breakLock(file: string, token: string): boolean {
  const claim = tryLock(`${file}.${token}`, { subject: 'takes over a lock' });
  if (!('lock' in claim)) return false;
  try {
    removeLock(file, token);
  } finally {
    claim.lock.release();
  }
  return true;
}

function lockOf(file: string, token: string, shared: boolean): Lock {
  const release = (): void => {
    process.off('exit', release);
    removeLock(file, token);
  };
  if (!shared) process.once('exit', release);
  return { file, release };
}

function removeLock(file: string, token: string): void {
  const holder = read(file);
  if (typeof holder === 'object' && holder.token === token) rmSync(file, { force: true });
}

/** @returns false where the file is there already */
function create(file: string, content: LockContent): boolean {
  const text = `${JSON.stringify(content, null, 2)}\n`;
  // Written first and linked then, so that nobody ever reads half a lock.
  mkdirSync(dirname(file), { recursive: true });
  const draft = draftPath(dirname(file), basename(file));
  try {
    writeFileSync(draft, text);
    linkSync(draft, file);
    return true;
  } catch (error) {
    const code = systemErrorCode(error) ?? '';
    if (code === 'EEXIST') return false;
    if (NO_LINKS.includes(code)) return createAlone(file, text);
    // Another process removes an old folder of this name at the moment.
    if (code === 'ENOENT') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function createAlone(file: string, text: string): boolean {
  try {
    const descriptor = openSync(file, 'wx');
    writeFileSync(descriptor, text);
    closeSync(descriptor);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function read(file: string): LockContent | 'gone' | 'unclear' {
  try {
    const content = JSON.parse(readFileSync(file, 'utf8')) as Partial<LockContent>;
    return isSound(content) ? content : 'unclear';
  } catch (error) {
    return systemErrorCode(error) === 'ENOENT' ? 'gone' : 'unclear';
  }
}

function isSound(content: Partial<LockContent>): content is LockContent {
  const { token, owner, since, subject } = content;
  const { host, machine, pid, start } = (owner ?? {}) as Partial<ProcessIdentity>;
  const texts = [host, machine, start, since, subject].every((text) => typeof text === 'string');
  return texts && Number.isSafeInteger(pid) && /^[0-9a-f]{16}$/.test(token ?? '');
}
