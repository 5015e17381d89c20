import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findNodeAtLocation, type JSONPath, type Node, parseTree } from 'jsonc-parser';

/** Where a key of a JSON file stands; the file is from the workspace root, with `/`. */
export interface JsonPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** @returns undefined where the file has no such key, or is not there */
export function placeOfKey(workspaceRoot: string, file: string, path: JSONPath): JsonPlace | undefined {
  const { text, node } = nodeAt(workspaceRoot, file, path);
  return node && placeIn(file, text, node.parent?.type === 'property' ? node.parent : node);
}

/** The keys of an object of a JSON file; none where there is no such object. */
export function keysOf(workspaceRoot: string, file: string, path: JSONPath): (JsonPlace & { readonly key: string })[] {
  const { text, node } = nodeAt(workspaceRoot, file, path);
  const members = node?.type === 'object' ? (node.children ?? []) : [];
  return members.map((member) => ({ key: String(member.children?.[0]?.value), ...placeIn(file, text, member) }));
}

function nodeAt(workspaceRoot: string, file: string, path: JSONPath): { text: string; node?: Node } {
  const absolute = join(workspaceRoot, file);
  if (!existsSync(absolute)) return { text: '' };
  const text = readFileSync(absolute, 'utf8');
  const root = parseTree(text);
  const node = root && findNodeAtLocation(root, path);
  return { text, ...(node && { node }) };
}

function placeIn(file: string, text: string, { offset }: Node): JsonPlace {
  const before = text.slice(0, offset).split('\n');
  return { file: file.replaceAll('\\', '/'), line: before.length, column: before.at(-1)!.length + 1 };
}
