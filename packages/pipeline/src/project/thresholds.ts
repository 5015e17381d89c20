import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { DiagnosticsError, nearest } from 'caffe-prototxt-parser';
import type { ProjectPlace } from './project-place.ts';
import { projectFile } from './project-place.ts';

/**
 * What a run must reach, in a project's `thresholds.json`. Only the last stage reads it, so that another threshold
 * trains nothing again.
 */
export interface Thresholds {
  /** Smallest part of the test data on which the integer and the fake-quant model must agree, 0 to 1. */
  readonly minAgreement?: number;
  /** Largest loss of accuracy of the integer model against the float one, 0 to 1. */
  readonly maxDrop?: number;
}

const NAMES = ['minAgreement', 'maxDrop'] as const;

/** @throws DiagnosticsError where the file is there and is not as described above */
export function readThresholds(place: ProjectPlace): Thresholds {
  const file = projectFile(join(place.root, 'thresholds.json'), place);
  if (!existsSync(file.path)) return {};
  const problems: Diagnostic[] = [];
  const report = (message: string, hint?: string): void => {
    problems.push({ code: 'thresholds', severity: 'error', message, file: file.shown, ...(hint && { hint }) });
  };
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file.path, 'utf8'));
  } catch (error) {
    report(`the file is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const isObject = typeof json === 'object' && json !== null && !Array.isArray(json);
  if (problems.length === 0 && !isObject) report('the file should hold an object');
  for (const [name, value] of Object.entries(isObject ? (json as Record<string, unknown>) : {})) {
    if (!NAMES.some((known) => known === name)) {
      const near = nearest(name, NAMES);
      report(`there is no threshold ${name}`, near ? `did you mean ${near}?` : `there are ${NAMES.join(' and ')}`);
    } else if (typeof value !== 'number' || !(value >= 0 && value <= 1)) {
      report(`${name} should be a number from 0 to 1, but is ${JSON.stringify(value)}`);
    }
  }
  if (problems.length > 0) throw new DiagnosticsError(problems);
  return (json ?? {}) as Thresholds;
}
