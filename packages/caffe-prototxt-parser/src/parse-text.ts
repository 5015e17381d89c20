import type { Diagnostic } from './diagnostic.ts';
import { DiagnosticList } from './diagnostic-list.ts';
import type { Limits } from './limits.ts';
import { completeLimits } from './limits.ts';
import { SyntaxParser } from './syntax-parser.ts';
import type { TextDocument } from './syntax-tree.ts';
import { TokenCursor } from './token-cursor.ts';
import { Tokenizer } from './tokenize.ts';

export interface ParseOptions {
  /** Name of the file, as diagnostics are to show it. */
  file: string;
  /** Bounds for files from strangers; the defaults are far beyond any real net. */
  limits?: Limits;
}

/**
 * Parses protobuf text format, as far as it can be understood without a schema, into a lossless tree.
 *
 * Never throws: text that is not text format is reported, kept in the tree as skipped, and the parser goes on behind it. So one
 * pass finds all errors of a file, and `printText` of the result is always the text.
 */
export function parseText(text: string, options: ParseOptions): { document: TextDocument; diagnostics: Diagnostic[] } {
  const limits = completeLimits(options.limits);
  const diagnostics = new DiagnosticList(options.file, limits.maxDiagnostics);
  let maxTokens = limits.maxTokens;
  if (text.length > limits.maxLength) {
    const message = `the file has ${text.length} characters; at most ${limits.maxLength} are read`;
    diagnostics.add({ code: 'file-too-large', severity: 'error', message }, { line: 1, column: 1 });
    maxTokens = 0;
  }
  const tokenizer = new Tokenizer(text, diagnostics, maxTokens);
  const parser = new SyntaxParser(new TokenCursor(tokenizer, diagnostics), limits.maxDepth);
  const document = parser.parseDocument(options.file);
  return { document, diagnostics: diagnostics.finish() };
}
