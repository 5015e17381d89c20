import { bindMessage, type BoundMessage, type TextDocument } from 'caffe-prototxt-parser';
import type { Messages } from '../generated/caffe.ts';
import { type Dialect, DIALECTS, dialectSchema } from './dialect-schema.ts';

/**
 * Reads a tree as a message in the dialect whose names explain it best: BVLC's Caffe and AMCT's, which are one schema for
 * texts, unless a fork's leaves fewer errors.
 */
export function bindText<K extends keyof Messages>(
  document: TextDocument,
  name: K,
  dialect?: Dialect,
): { bound: BoundMessage<Messages[K] & object>; dialect: Dialect } {
  const bind = (by: Dialect) => bindMessage<Messages[K] & object>(document, dialectSchema(by, name));
  if (dialect !== undefined) return { bound: bind(dialect), dialect };
  let best = { bound: bind('bvlc'), dialect: 'bvlc' as Dialect };
  for (const fork of DIALECTS) {
    const errors = errorsOf(best.bound);
    if (errors === 0) break;
    const bound = bind(fork);
    if (errorsOf(bound) < errors) best = { bound, dialect: fork };
  }
  return best;
}

/** How many errors a reading of a tree has. */
export function errorsOf({ diagnostics }: BoundMessage<object>): number {
  return diagnostics.filter(({ severity }) => severity === 'error').length;
}
