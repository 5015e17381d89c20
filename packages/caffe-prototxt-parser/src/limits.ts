/** Bounds on one file. What is beyond them ends in a diagnostic, and is kept as it stands when the tree is printed. */
export interface Limits {
  /** Length of the text in UTF-16 code units; default 64 Mi. A longer text is not parsed at all. */
  maxLength?: number;
  /** Names, values and punctuation marks; default 4 million (a 1,000-layer net has about 100 thousand). */
  maxTokens?: number;
  /** Messages and lists inside each other; default 100, protobuf's own limit for nested messages. At most 1,000. */
  maxDepth?: number;
  /** Diagnostics reported for a file by one pass; default 1,000. One more says how many were left out. */
  maxDiagnostics?: number;
}

const HARD_MAX_DEPTH = 1000;

/** The limits with defaults filled in. */
export function completeLimits(limits: Limits = {}): Required<Limits> {
  return {
    maxLength: limits.maxLength ?? 64 * 1024 * 1024,
    maxTokens: limits.maxTokens ?? 4_000_000,
    maxDepth: Math.min(limits.maxDepth ?? 100, HARD_MAX_DEPTH),
    maxDiagnostics: limits.maxDiagnostics ?? 1000,
  };
}
