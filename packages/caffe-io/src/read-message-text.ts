import { type BoundMessage, type Diagnostic, parseText, type TextDocument } from 'caffe-prototxt-parser';
import { readGitLfsPointer } from './data/git-lfs-pointer.ts';
import { bindText } from './dialects/bind-text.ts';
import type { Dialect } from './dialects/dialect-schema.ts';
import type { Messages } from './generated/caffe.ts';

/** A text read as a message, before its upgrade. */
export interface MessageText<T extends object> {
  document: TextDocument;
  bound: BoundMessage<T>;
  dialect: Dialect;
  diagnostics: Diagnostic[];
}

/** Parses a text and reads it as a message of caffe.proto. A Git LFS pointer is named as what it is. */
export function readMessageText<K extends keyof Messages>(
  text: string,
  file: string,
  name: K,
  given: Dialect | undefined,
): MessageText<Messages[K] & object> {
  const { document, diagnostics: syntax } = parseText(text, { file });
  const { bound, dialect } = bindText(document, name, given);
  const pointer = readGitLfsPointer(Buffer.from(text.slice(0, POINTER_LENGTH)));
  const diagnostics = pointer === undefined ? [...syntax, ...bound.diagnostics] : [lfsPointer(file, pointer.size)];
  return { document, bound, dialect, diagnostics };
}

const POINTER_LENGTH = 1024;

function lfsPointer(file: string, size: number): Diagnostic {
  const message = `this is a Git LFS pointer to a file of ${size} bytes, not the file itself`;
  return { code: 'git-lfs-pointer', severity: 'error', message, file, line: 1, column: 1, hint: 'run `git lfs pull`' };
}
