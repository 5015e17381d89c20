import fc from 'fast-check';
import { parseJson } from './json-syntax.ts';
import type { JsonNode } from './json-syntax.ts';

function valueOf(node: JsonNode): unknown {
  switch (node.kind) {
    case 'object':
      return Object.fromEntries(node.members.map(({ key, value }) => [key, valueOf(value)]));
    case 'array':
      return node.items.map(valueOf);
    case 'null':
      return null;
    default:
      return node.value;
  }
}

describe('JSON with places', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, 4), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        const { root, diagnostics } = parseJson(text, 'a.json');
        expect(diagnostics).toEqual([]);
        expect(root && JSON.stringify(valueOf(root))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('refuses what JSON.parse refuses, with one message', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[],:"\\ 01e-.tn\n') }), (text) => {
        let legal = true;
        try {
          JSON.parse(text);
        } catch {
          legal = false;
        }
        const errors = parseJson(text, 'a.json').diagnostics.filter(({ code }) => code === 'no-json');
        expect(errors).toHaveLength(legal ? 0 : 1);
      }),
      { numRuns: 1000 },
    );
  });

  it('knows where a key and a value stand', () => {
    const { root } = parseJson('{\n  "a": [1,\n    2.5]}', 'a.json');
    expect(root).toMatchObject({
      kind: 'object',
      line: 1,
      column: 1,
      members: [
        {
          key: 'a',
          line: 2,
          column: 3,
          value: {
            kind: 'array',
            line: 2,
            column: 8,
            items: [
              { value: 1, integer: true, line: 2, column: 9 },
              { value: 2.5, integer: false, line: 3, column: 5 },
            ],
          },
        },
      ],
    });
  });

  it('ends at 100 levels', () => {
    expect(parseJson('['.repeat(5000), 'a.json').diagnostics[0]?.message).toContain('at most 100 levels');
  });
});
