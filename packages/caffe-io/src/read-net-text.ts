import type { Diagnostic, Position, TextDocument } from 'caffe-prototxt-parser';
import type { Dialect } from './dialects/dialect-schema.ts';
import { bindText, errorsOf } from './dialects/bind-text.ts';
import { withForkDefaults } from './dialects/fork-defaults.ts';
import { withLabelSmoothingFork } from './dialects/label-smoothing-fork.ts';
import type { NetParameter } from './generated/caffe.ts';
import { readMessageText } from './read-message-text.ts';
import { locateOrigin, upgradeDiagnostics } from './upgrade/upgrade-diagnostics.ts';
import { upgradeNet } from './upgrade/upgrade-net.ts';

export interface ReadTextOptions {
  /** Whose fields the text has; default: BVLC's and AMCT's, or those of the fork that leave fewest errors. */
  dialect?: Dialect;
}

/** A net read from a prototxt. */
export interface NetText {
  /** In today's form, whatever year the file is of. */
  net: NetParameter;
  /** The file as it is, for edits that keep its comments and order. */
  document: TextDocument;
  /** Whose names the file was read by. */
  dialect: Dialect;
  /** Everything that is wrong with the file; where an error is among it, `net` holds what could be read. */
  diagnostics: Diagnostic[];
  /**
   * Where a message of the net, a field of it or an element of a repeated field stands in the file; for a net that was
   * upgraded, where the old form of it stands.
   */
  locate(message: object, field?: string, index?: number): Position | undefined;
}

/**
 * Reads a net from prototxt and brings it to today's form. `file` is the name that the diagnostics show. Never throws:
 * all problems of the file are in `diagnostics`.
 */
export function readNetText(text: string, file: string, options: ReadTextOptions = {}): NetText {
  const { document, bound, dialect, diagnostics } = readMessageText(text, file, 'NetParameter', options.dialect);
  const { net: upgraded, log } = upgradeNet(bound.message);
  const fits = (other: Dialect) => {
    if (options.dialect !== undefined) return false;
    return errorsOf(bindText(document, 'NetParameter', other).bound) <= errorsOf(bound);
  };
  const net = withLabelSmoothingFork(withForkDefaults(upgraded, dialect, log), dialect, fits, log);
  const upgrade = upgradeDiagnostics(log, file, bound.locate);
  return {
    net,
    document,
    dialect,
    diagnostics: [...diagnostics, ...upgrade],
    locate: (message, field, index) => locateOrigin(log, bound.locate, message, field, index),
  };
}
