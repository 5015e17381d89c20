import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { homedir, release } from 'node:os';

/** What is asked of the system to find out what computes; each of it gives nothing where there is nothing. */
export interface System {
  readonly platform: NodeJS.Platform;
  /** Of the operating system: drivers that come with it have no other version. */
  readonly release: string;
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The content of a file. */
  read(path: string): Buffer | undefined;
  /** The names in a folder, sorted. */
  list(path: string): string[];
  /** A file's path without links. */
  real(path: string): string;
  /** What a program prints, if it is there, ends well and does not take long. */
  run(program: string, ...options: string[]): string | undefined;
}

/** Milliseconds. PowerShell alone takes seconds to start. */
const LONGEST_RUN = 15_000;

export const thisSystem = (): System => ({
  platform: process.platform,
  release: release(),
  home: homedir(),
  environment: process.env,
  read: (path) => orNothing(() => readFileSync(path)),
  list: (path) => orNothing(() => readdirSync(path).sort()) ?? [],
  real: (path) => orNothing(() => realpathSync(path)) ?? path,
  run: (program, ...options) =>
    orNothing(() =>
      execFileSync(program, options, {
        encoding: 'utf8',
        timeout: LONGEST_RUN,
        stdio: ['ignore', 'pipe', 'ignore'],
        windowsHide: true,
      }),
    ),
});

function orNothing<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}
