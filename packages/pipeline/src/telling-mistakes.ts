import { readFileSync, statSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { DEBUG_VARIABLE, DiagnosticsError, formatDiagnostics } from 'caffe-prototxt-parser';
import type { ProjectPlace } from './project/project-place.ts';
import type { StageRequest } from './stage-request.ts';

/**
 * Does work for a project and tells its user what is wrong.
 *
 * @param who does it, as the user calls it
 * @param work is given what shows diagnostics that do not end it
 * @returns whether it was done
 * @throws whatever is not a mistake of the user
 */
export async function tellingMistakes(
  who: string,
  { host, place }: Pick<StageRequest, 'host' | 'place'>,
  work: (show: (diagnostics: readonly Diagnostic[]) => void) => Promise<void>,
): Promise<boolean> {
  const show = (diagnostics: readonly Diagnostic[]): void => {
    const inside = diagnostics.map((diagnostic) => fromWorkspace(diagnostic, place));
    if (inside.length > 0) host.printError(formatDiagnostics(inside, sourcesOf(inside, place)));
  };
  try {
    const own = host.diagnostics ?? [];
    if (own.some(({ severity }) => severity === 'error')) throw new DiagnosticsError(own);
    show(own);
    await work(show);
    return true;
  } catch (error) {
    if (host.signal.aborted) {
      host.printError(`${who} was interrupted`);
      return false;
    }
    if (!(error instanceof DiagnosticsError)) throw error;
    show(error.diagnostics);
    if (process.env[DEBUG_VARIABLE] && error.cause instanceof Error) host.printError(error.cause.stack ?? '');
    return false;
  }
}

/** Inside of the workspace, files go by their path from its root. */
function fromWorkspace(diagnostic: Diagnostic, { workspaceRoot }: ProjectPlace): Diagnostic {
  const shorten = (text: string): string => text.replaceAll(workspaceRoot + sep, '');
  return {
    ...diagnostic,
    message: shorten(diagnostic.message),
    ...(diagnostic.file !== undefined && { file: shorten(diagnostic.file) }),
  };
}

const MAX_SOURCE_BYTES = 4_000_000;

/** The texts of the files that diagnostics point into, to show the lines. */
function sourcesOf(diagnostics: readonly Diagnostic[], { workspaceRoot }: ProjectPlace): Map<string, string> {
  const sources = new Map<string, string>();
  for (const { file, line } of diagnostics) {
    if (file === undefined || line === undefined || sources.has(file)) continue;
    const path = resolve(workspaceRoot, file);
    const { size } = statSync(path, { throwIfNoEntry: false }) ?? {};
    if (size !== undefined && size <= MAX_SOURCE_BYTES) sources.set(file, readFileSync(path, 'utf8'));
  }
  return sources;
}
