import type { Diagnostic } from 'caffe-prototxt-parser';
import { DiagnosticsError } from 'caffe-prototxt-parser';

/** A user's mistake in a data set or in the layer that names it, ready to be thrown. */
export function dataError(code: string, file: string, message: string, hint?: string): DiagnosticsError {
  return new DiagnosticsError([{ code, severity: 'error', file, message, ...(hint === undefined ? {} : { hint }) }]);
}

/** The code of an operating system's error, such as ENOENT. */
export function systemErrorCode(error: unknown): string | undefined {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** What an operating system's error about a file means to a user. */
export function unreadable(file: string, error: unknown): DiagnosticsError {
  const code = systemErrorCode(error) ?? String(error);
  return dataError('data-unreadable', file, code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`);
}

/** The layer of a prototxt that reads a data set: where its mistakes are reported. */
export interface LayerPlace {
  readonly layer: string;
  readonly file: string;
  readonly line?: number | undefined;
}

/** What is to be said of a layer's settings, whatever the data are. */
export interface SettingProblem {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** They are said where the layer stands. */
export const settingDiagnostics = (
  place: LayerPlace,
  severity: Diagnostic['severity'],
  problems: readonly SettingProblem[],
): Diagnostic[] => problems.map(({ code, message, hint }) => layerDiagnostic(place, severity, code, message, hint));

/** A mistake in a data layer, as a diagnostic at its place. */
export function layerDiagnostic(
  place: LayerPlace,
  severity: Diagnostic['severity'],
  code: string,
  message: string,
  hint?: string,
): Diagnostic {
  const { layer, file, line } = place;
  return {
    code,
    severity,
    file,
    layer,
    message,
    ...(line === undefined ? {} : { line }),
    ...(hint === undefined ? {} : { hint }),
  };
}

/**
 * Runs `read` and reports what is wrong with the data file at the layer that names it; the data file's own
 * name and line move into the message.
 */
export function reportedAt<T>(place: LayerPlace, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    throw new DiagnosticsError(error.diagnostics.map((d) => atLayer(place, d)));
  }
}

/** `reportedAt` for work that takes its time. */
export async function reportedLaterAt<T>(place: LayerPlace, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    return reportedAt(place, () => {
      throw error;
    });
  }
}

function atLayer(place: LayerPlace, diagnostic: Diagnostic): Diagnostic {
  if (diagnostic.layer !== undefined) return diagnostic;
  const { code, severity, file, line, message, hint } = diagnostic;
  const where = line === undefined ? file : `${file}:${line}`;
  const whole = file === undefined || file === place.file ? message : `${where}: ${message}`;
  return layerDiagnostic(place, severity, code, whole, hint);
}
