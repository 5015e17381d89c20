import { visit } from 'jsonc-parser';

/** Where a text stops being JSON, and what should stand there. JSON.parse does not always tell. */
export interface JsonError {
  /** From 0. */
  readonly position: number;
  readonly expected: string;
}

const NAME = 'a name in double quotes';
const VALUE = 'a value';
const END = 'the end of the file';

/** The first syntax error of a text that JSON.parse has refused. */
export function findJsonError(text: string): JsonError {
  /** The brackets that close what is open. */
  const closing: string[] = [];
  /** What may stand at the next token. */
  let expected = VALUE;
  let first: JsonError | undefined;
  const begin = (close: string, next: string): void => {
    closing.push(close);
    expected = next;
  };
  const valueEnds = (): void => void (expected = closing.length > 0 ? `',' or '${closing.at(-1)}'` : END);
  const end = (_offset: number, length: number): void => {
    // At the end of the file the bracket is missing: an error follows.
    if (length === 0) return;
    closing.pop();
    valueEnds();
  };
  visit(
    text,
    {
      onObjectBegin: () => begin('}', NAME),
      onObjectProperty: () => void (expected = "':'"),
      onObjectEnd: end,
      onArrayBegin: () => begin(']', VALUE),
      onArrayEnd: end,
      onLiteralValue: valueEnds,
      onSeparator: (character) => void (expected = character === ',' && closing.at(-1) === '}' ? NAME : VALUE),
      onError: (_error, position) => void (first ??= { position, expected }),
    },
    { disallowComments: true },
  );
  return first ?? { position: text.length, expected: END };
}
