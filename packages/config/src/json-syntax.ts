/**
 * JSON (RFC 8259) with the place of every value, with numbers as they were written, and with an eye on keys given twice:
 * what `JSON.parse` throws away and a message about a config file needs.
 */
import type { Diagnostic } from 'caffe-prototxt-parser';
import { printParseErrorCode, visit } from 'jsonc-parser';
import type { Location } from './retrain-config.ts';

export type JsonNode = Location &
  (
    | { kind: 'object'; members: JsonMember[] }
    | { kind: 'array'; items: JsonNode[] }
    | { kind: 'string'; value: string }
    /** `integer`: written without a fraction and without an exponent, as Python tells int from float. */
    | { kind: 'number'; value: number; integer: boolean }
    | { kind: 'boolean'; value: boolean }
    | { kind: 'null' }
  );

/** A key and its value; the place is the key's. */
export interface JsonMember extends Location {
  key: string;
  value: JsonNode;
}

const MAX_DEPTH = 100;

/** The tree, or the first place where the text is not JSON; duplicate keys are reported and both kept. */
export function parseJson(text: string, file: string): { root?: JsonNode; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  try {
    return { root: readTree(text.replace(/^\ufeff/, ''), file, diagnostics), diagnostics };
  } catch (error) {
    if (!(error instanceof NoJson)) throw error;
    return { diagnostics: [...diagnostics, error.diagnostic] };
  }
}

class NoJson extends Error {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

/** An object or an array whose end has not been read yet. */
interface OpenNode {
  readonly node: Extract<JsonNode, { kind: 'object' | 'array' }>;
  /** Of an object: the line of each key, and the key whose value comes next. */
  readonly lines: Map<string, number>;
  key?: Omit<JsonMember, 'value'>;
}

function readTree(text: string, file: string, diagnostics: Diagnostic[]): JsonNode {
  const open: OpenNode[] = [];
  let root: JsonNode | undefined;
  /** What may stand at the next token. */
  let expected = 'a value';
  const place = (line: number, character: number): Location => ({ file, line: line + 1, column: character + 1 });
  const fail = (what: string, got: string, line: number, character: number): never => {
    const message = `this is not JSON: expected ${what}, got ${got === '' ? 'the end of the file' : `\`${got.slice(0, 20)}\``}`;
    throw new NoJson({ code: 'no-json', severity: 'error', message, ...place(line, character) });
  };
  const valueEnds = (): void => void (expected = open.length > 0 ? '`,`' : 'the end of the file');
  const add = (node: JsonNode): void => {
    const parent = open.at(-1);
    if (parent === undefined) root = node;
    else if (parent.node.kind === 'array') parent.node.items.push(node);
    else parent.node.members.push({ ...parent.key!, value: node });
  };
  const begin = (node: OpenNode['node'], bracket: string): void => {
    if (open.length > MAX_DEPTH) fail(`at most ${MAX_DEPTH} levels`, bracket, node.line - 1, node.column - 1);
    add(node);
    open.push({ node, lines: new Map() });
  };
  const end = (_offset: number, length: number): void => {
    // At the end of the file the bracket is missing: an error follows.
    if (length === 0) return;
    open.pop();
    valueEnds();
  };
  visit(
    text,
    {
      onObjectBegin(_offset, _length, line, character) {
        begin({ ...place(line, character), kind: 'object', members: [] }, '{');
        expected = 'a key in double quotes';
      },
      onObjectProperty(key, _offset, _length, line, character) {
        const at = place(line, character);
        const parent = open.at(-1)!;
        const first = parent.lines.get(key);
        if (first === undefined) parent.lines.set(key, at.line);
        else {
          const message = `the key \`${key}\` is given twice, first on line ${first}`;
          diagnostics.push({ code: 'duplicate-key', severity: 'error', message, ...at });
        }
        parent.key = { key, ...at };
        expected = '`:`';
      },
      onObjectEnd: end,
      onArrayBegin(_offset, _length, line, character) {
        begin({ ...place(line, character), kind: 'array', items: [] }, '[');
        expected = 'a value';
      },
      onArrayEnd: end,
      onLiteralValue(value: unknown, offset, length, line, character) {
        add({ ...place(line, character), ...literal(value, text.slice(offset, offset + length)) });
        valueEnds();
      },
      onSeparator(character) {
        const isKeyNext = character === ',' && open.at(-1)!.node.kind === 'object';
        expected = isKeyNext ? 'a key in double quotes' : 'a value';
      },
      onError(error, offset, length, line, character) {
        // Any other error is in the token itself: it may end anywhere.
        const isSound = printParseErrorCode(error).endsWith('Expected');
        const got = isSound ? text.slice(offset, offset + length) : text.slice(offset).split('\n', 1)[0]!;
        fail(expected, got, line, character);
      },
    },
    { disallowComments: true },
  );
  return root!;
}

type Literal =
  | { kind: 'string'; value: string }
  | { kind: 'number'; value: number; integer: boolean }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'null' };

function literal(value: unknown, written: string): Literal {
  if (typeof value === 'string') return { kind: 'string', value };
  if (typeof value === 'number') return { kind: 'number', value, integer: /^-?\d+$/.test(written) };
  return typeof value === 'boolean' ? { kind: 'boolean', value } : { kind: 'null' };
}
