import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type JsonMember, parseJson } from '@caffe-quant/config';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { DiagnosticsError, nearest } from 'caffe-prototxt-parser';
import { type AccuracyLimit, readAccuracy } from './accuracy-goal.ts';
import { type ProjectFile, projectFile, type ProjectPlace } from './project-place.ts';

/**
 * What a run must reach, in a project's `thresholds.json`. Only the last stage reads it, and the search for the cheapest
 * way to `accuracy`, so that another threshold trains nothing again.
 */
export interface Thresholds {
  /** Smallest part of the test data on which the integer and the fake-quant model must agree, 0 to 1. */
  readonly minAgreement?: number;
  /** Largest loss of accuracy of the integer model against the float one, 0 to 1. */
  readonly maxDrop?: number;
  /** How far the integer model may be from the float one, by the net's own metrics: what `quantize-search` looks for. */
  readonly accuracy?: readonly AccuracyLimit[];
  /** How many layers `quantize-search` may leave float besides those of the config. */
  readonly maxFloatLayers?: number;
}

const NAMES = ['minAgreement', 'maxDrop', 'accuracy', 'maxFloatLayers'] as const;

export function thresholdsFile(place: ProjectPlace): ProjectFile {
  return projectFile(join(place.root, 'thresholds.json'), place);
}

/** @throws DiagnosticsError with everything that is wrong with the file, should there be one */
export function readThresholds(place: ProjectPlace): Thresholds {
  const { path, shown: file } = thresholdsFile(place);
  if (!existsSync(path)) return {};
  const { root, diagnostics } = parseJson(readFileSync(path, 'utf8'), file);
  const problems: Diagnostic[] = [...diagnostics];
  const report = (message: string, { line, column }: { line: number; column: number }, hint?: string): void => {
    problems.push({ code: 'thresholds', severity: 'error', message, file, line, column, ...(hint && { hint }) });
  };
  if (root && root.kind !== 'object') report('the file should hold an object', root);
  const thresholds: { -readonly [K in keyof Thresholds]: Thresholds[K] } = {};
  for (const member of root?.kind === 'object' ? root.members : []) {
    const name = NAMES.find((known) => known === member.key);
    if (name === undefined) {
      const near = nearest(member.key, NAMES);
      const hint = near ? `did you mean ${near}?` : `there are ${NAMES.slice(0, -1).join(', ')} and ${NAMES.at(-1)}`;
      report(`there is no threshold ${member.key}`, member, hint);
    } else if (name === 'accuracy') {
      thresholds.accuracy = readAccuracy(member.value, report);
    } else {
      const number = readNumber(member, name, report);
      if (number !== undefined) thresholds[name] = number;
    }
  }
  if (problems.length > 0) throw new DiagnosticsError(problems);
  return thresholds;
}

function readNumber(
  { value: node }: JsonMember,
  name: Exclude<(typeof NAMES)[number], 'accuracy'>,
  report: (message: string, at: { line: number; column: number }) => void,
): number | undefined {
  const isCount = name === 'maxFloatLayers';
  const [range, highest] = isCount ? ['a whole number from 0', Infinity] : ['a number from 0 to 1', 1];
  const value = node.kind === 'number' ? node.value : undefined;
  if (value !== undefined && value >= 0 && value <= highest && (!isCount || Number.isInteger(value))) return value;
  const given = 'value' in node ? JSON.stringify(node.value) : node.kind === 'null' ? 'null' : `an ${node.kind}`;
  report(`${name} should be ${range}, but is ${given}`, node);
  return undefined;
}
