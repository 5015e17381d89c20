import { Worker } from 'node:worker_threads';
import { threadCount } from '../graph/session.ts';
import { SQUARED_ERRORS_WASM } from '../generated/squared-errors-wasm.ts';
import { bytesOf, exportsOf, sharedMemoryOf } from '../web-assembly.ts';

/**
 * Threads that share out the ranges of a search: each adds up the errors of some ranges over all values, so that the sums have
 * the same bits for any number of them. The module of squared-errors.wat in each works on one memory: the groups of ranges
 * from address 0, the words by which the threads talk, and values from `VALUES` on.
 */

/** Ranges in a group, one in each lane of a vector; and a group's size in bytes. */
export const LANES = 4;
export const GROUP = 64;
/** Values handed over at a time, and where they stand. */
export const CHUNK = 65536;
const PAGE = 65536;
const VALUES = PAGE;
/** Words behind the groups: number of the task, threads done with it, end of its groups and of its values, threads at work. */
const WORDS = PAGE - 64;
const [TASK, DONE, GROUPS_END, VALUES_END, READY] = [0, 1, 2, 3, 4];
export const MOST_GROUPS = WORDS / GROUP;

/** A quarter of the 15 groups of a search is the least that is worth a thread. */
const MOST_THREADS = 4;
/** How long a thread may take for its share of a chunk, some milliseconds of work, in tries of a second. */
const TRIES = 600;

type AddErrors = (start: number, end: number, firstGroup: number, groupsEnd: number) => void;

/** What every thread but the caller's runs. It has no file of its own: a bundle or a test would have to find it. */
const THREAD = `
const { memory, binary, index, count, WORDS, VALUES, GROUP } = require('node:worker_threads').workerData;
const { addErrors } = new WebAssembly.Instance(new WebAssembly.Module(binary), { host: { memory } }).exports;
const words = new Int32Array(memory.buffer, WORDS, 5);
Atomics.add(words, ${READY}, 1);
for (let task = 0; ; task++) {
  Atomics.wait(words, ${TASK}, task);
  const groups = words[${GROUPS_END}] / GROUP;
  if (groups === 0) break;
  const [first, end] = [index, index + 1].map((i) => Math.floor((groups * i) / count) * GROUP);
  if (first < end) addErrors(VALUES, words[${VALUES_END}], first, end);
  Atomics.add(words, ${DONE}, 1);
  Atomics.notify(words, ${DONE});
}`;

/** Where the system gives no thread, or Node's permissions allow none, `started` never comes true, and nothing is lost but time. */
function start(workerData: object): void {
  try {
    // Flags of the program, such as loaders, are nothing to it.
    const worker = new Worker(THREAD, { eval: true, workerData, execArgv: [] });
    worker.on('error', () => undefined);
    worker.unref();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_ACCESS_DENIED') throw error;
  }
}

export class SearchThreads {
  /** Numbers of the groups, and a chunk of values: fill them, then `run`. */
  readonly groups: Float32Array;
  readonly values: Float32Array;
  readonly #words: Int32Array;
  readonly #addErrors: AddErrors;
  readonly #others: number;

  constructor(threads = Math.min(threadCount(), MOST_THREADS)) {
    const binary = bytesOf(SQUARED_ERRORS_WASM);
    const memory = sharedMemoryOf(1 + (4 * CHUNK) / PAGE);
    this.#addErrors = exportsOf<{ addErrors: AddErrors }>(binary, memory).addErrors;
    this.groups = new Float32Array(memory.buffer, 0, WORDS / 4);
    this.values = new Float32Array(memory.buffer, VALUES, CHUNK);
    this.#words = new Int32Array(memory.buffer, WORDS, 5);
    this.#others = threads - 1;
    for (let index = 1; index < threads; index++) {
      start({ memory, binary, index, count: threads, WORDS, VALUES, GROUP });
    }
  }

  /** Ends the threads. */
  close(): void {
    this.#words[GROUPS_END] = 0;
    Atomics.add(this.#words, TASK, 1);
    Atomics.notify(this.#words, TASK);
  }

  /** Whether all threads are at work. */
  get started(): boolean {
    return Atomics.load(this.#words, READY) === this.#others;
  }

  /** Adds the errors of the first `count` values, one at least, to the sums of the groups that end at byte `groupsEnd`. */
  run(count: number, groupsEnd: number): void {
    const words = this.#words;
    const valuesEnd = VALUES + 4 * count;
    // While a thread is starting, or where none can be had, all groups are computed here.
    if (this.#others === 0 || !this.started) return this.#addErrors(VALUES, valuesEnd, 0, groupsEnd);
    [words[GROUPS_END], words[VALUES_END]] = [groupsEnd, valuesEnd];
    Atomics.store(words, DONE, 0);
    Atomics.add(words, TASK, 1);
    Atomics.notify(words, TASK);
    const end = Math.floor(groupsEnd / GROUP / (this.#others + 1)) * GROUP;
    if (end > 0) this.#addErrors(VALUES, valuesEnd, 0, end);
    for (let tries = 0, done; (done = Atomics.load(words, DONE)) < this.#others;) {
      // A process that was halted wakes with one try spent, and a thread that is at work.
      if (Atomics.wait(words, DONE, done, 1000) === 'timed-out' && ++tries > TRIES)
        throw new Error('a thread of the range search does not answer');
    }
  }
}
