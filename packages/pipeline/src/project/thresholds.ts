import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Location, parseJson } from '@caffe-quant/config';
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

/** @throws DiagnosticsError with everything that is wrong with the file, should there be one */
export function readThresholds(place: ProjectPlace): Thresholds {
  const file = projectFile(join(place.root, 'thresholds.json'), place);
  if (!existsSync(file.path)) return {};
  const { root, diagnostics } = parseJson(readFileSync(file.path, 'utf8'), file.shown);
  const problems: Diagnostic[] = [...diagnostics];
  const report = (message: string, place: Location, hint?: string): void => {
    problems.push({ code: 'thresholds', severity: 'error', message, ...placeOf(place), ...(hint && { hint }) });
  };
  const thresholds: Record<string, number> = {};
  if (root !== undefined && root.kind !== 'object') report('the file should hold an object', root);
  for (const { key, value, ...at } of root?.kind === 'object' ? root.members : []) {
    if (!NAMES.some((known) => known === key)) {
      const near = nearest(key, NAMES);
      const hint = near === undefined ? `there are ${NAMES.join(' and ')}` : `did you mean ${near}?`;
      report(`there is no threshold ${key}`, at, hint);
    } else if (value.kind !== 'number' || !(value.value >= 0 && value.value <= 1)) {
      report(
        `${key} should be a number from 0 to 1${'value' in value ? `, but is ${JSON.stringify(value.value)}` : ''}`,
        at,
      );
    } else thresholds[key] = value.value;
  }
  if (problems.length > 0) throw new DiagnosticsError(problems);
  return thresholds;
}

const placeOf = ({ file, line, column }: Location): Location => ({ file, line, column });
