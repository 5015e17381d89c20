import type { Diagnostic } from './index.ts';
import { DiagnosticsError, formatDiagnostics, hasErrors } from './index.ts';

const at = (line: number, column: number, more: Partial<Diagnostic> = {}): Diagnostic => ({
  code: 'some-code',
  severity: 'error',
  message: 'something is wrong',
  file: 'net.prototxt',
  line,
  column,
  ...more,
});

function show(source: string, ...diagnostics: Diagnostic[]): string[] {
  return formatDiagnostics(diagnostics, new Map([['net.prototxt', source]])).split('\n');
}

describe('the text of a diagnostic', () => {
  it('has place, severity, message, source line, caret and hint', () => {
    expect(
      show('name: "x"\nlayer {\n  clip_mx: 6\n}', at(3, 3, { hint: 'did you mean `clip_max`?', layer: 'q' })),
    ).toEqual([
      'net.prototxt:3:3: error: layer `q`: something is wrong',
      '      clip_mx: 6',
      '      ^',
      '  hint: did you mean `clip_max`?',
    ]);
  });

  it.each<[string, Diagnostic, string]>([
    ['without a place', { code: 'c', severity: 'warning', message: 'm' }, 'warning: m'],
    ['with a file alone', { code: 'c', severity: 'info', message: 'm', file: 'f' }, 'f: info: m'],
    ['with a line alone', { code: 'c', severity: 'error', message: 'm', file: 'f', line: 3 }, 'f:3: error: m'],
    ['of a file whose text is unknown', at(3, 4), 'net.prototxt:3:4: error: something is wrong'],
  ])('%s', (_, diagnostic, expected) => {
    expect(formatDiagnostics([diagnostic])).toBe(expected);
  });

  it('puts the caret under the place, over tabs, wide characters, marks and a byte order mark', () => {
    expect(show('\ta:\t5', at(1, 5)).slice(1)).toEqual(['    \ta:\t5', '    \t  \t^']);
    expect(show('a: "名" b', at(1, 8)).slice(1)).toEqual(['    a: "名" b', '            ^']);
    expect(show('a: "e\u0301" b', at(1, 9)).slice(1)).toEqual(['    a: "e\u0301" b', '           ^']);
    expect(show('\ufeffa: b', at(1, 4)).slice(1)).toEqual(['    a: b', '       ^']);
  });

  it('stands at the end of a line, on an empty line, and behind the end of the file', () => {
    expect(show('a:\r\n', at(1, 3)).slice(1)).toEqual(['    a:', '      ^']);
    expect(show('a:\n\n', at(2, 1))).toHaveLength(1);
    expect(show('a:', at(5, 9))).toHaveLength(1);
    expect(show('a:', at(1, 99)).slice(1)).toEqual(['    a:', '      ^']);
  });

  it('shows the neighbourhood of the caret of a very long line', () => {
    const [, line = '', caret = ''] = show(`${'x'.repeat(5000)}!${'y'.repeat(5000)}`, at(1, 5001));
    expect(line.length).toBeLessThan(140);
    expect(line[caret.indexOf('^')]).toBe('!');
  });

  it('lets no control character of the file through to the terminal', () => {
    expect(show('a\u001b[31m\u0007\u202e', at(1, 1))[1]).toBe('    a\ufffd[31m\ufffd\ufffd');
  });
});

describe('DiagnosticsError', () => {
  it('carries the diagnostics, and their text as its message', () => {
    const error = new DiagnosticsError([at(1, 1), at(2, 1)]);
    expect(error.diagnostics).toHaveLength(2);
    expect(error.message.split('\n')).toHaveLength(2);
    expect(error.name).toBe('DiagnosticsError');
    expect(hasErrors(error.diagnostics)).toBe(true);
    expect(hasErrors([at(1, 1, { severity: 'warning' })])).toBe(false);
  });
});
