const TOKEN =
  /[{}[\]:,]|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** Where a text stops being JSON, and what should stand there. JSON.parse does not always tell. */
export interface JsonError {
  /** From 0. */
  readonly position: number;
  readonly expected: string;
}

/** The first syntax error of a text that JSON.parse has refused. */
export function findJsonError(text: string): JsonError {
  let position = 0;
  let token = '';
  const fail = (expected: string): JsonError => ({ position, expected });
  const next = (): boolean => {
    const blank = /[ \t\r\n]*/y;
    blank.lastIndex = position;
    position += blank.exec(text)?.[0].length ?? 0;
    TOKEN.lastIndex = position;
    token = TOKEN.exec(text)?.[0] ?? '';
    return token !== '';
  };
  const take = (): void => void (position += token.length);
  /** At the start of a value; undefined where it is sound. */
  const value = (): JsonError | undefined => {
    if (!next() || ':,}]'.includes(token)) return fail('a value');
    const open = token;
    take();
    if (open !== '{' && open !== '[') return undefined;
    const close = open === '{' ? '}' : ']';
    next();
    for (let isFirst = true; token !== close || !isFirst; isFirst = false) {
      const error = open === '{' ? (member() ?? value()) : value();
      if (error) return error;
      next();
      if (token === close) break;
      if (token !== ',') return fail(`',' or '${close}'`);
      take();
      next();
    }
    take();
    return undefined;
  };
  const member = (): JsonError | undefined => {
    if (!next() || !token.startsWith('"')) return fail('a name in double quotes');
    take();
    if (!next() || token !== ':') return fail("':'");
    take();
    return undefined;
  };
  const error = value();
  if (error) return error;
  next();
  return fail('the end of the file');
}
