import fc from 'fast-check';
import protobuf from 'protobufjs';
import textformat from 'protobufjs/ext/textformat.js';
import { bindMessage, formatMessage, hasErrors, parseText } from './index.ts';
import { kindsText } from './testing/arbitrary-text.ts';
import { descriptor, kindsSchema } from './testing/small-net.ts';

/** A second opinion: protobufjs's own reader of the text format. It takes a descriptor without an edition for proto3. */
const caffe = Object.entries(descriptor.nested?.['caffe']?.nested ?? {});
const proto2 = Object.fromEntries(caffe.map(([name, node]) => [name, { ...node, edition: 'proto2' }]));
const json: unknown = { nested: { caffe: { nested: proto2 } } };
const root = protobuf.Root.fromJSON(json as Parameters<typeof protobuf.Root.fromJSON>[0]).resolveAll();
const Kinds = root.lookupType('caffe.Kinds');

function read(text: string) {
  const { document, diagnostics } = parseText(text, { file: 'kinds.txt' });
  const bound = bindMessage(document, kindsSchema);
  return { message: bound.message, diagnostics: [...diagnostics, ...bound.diagnostics] };
}

function theirs(text: string): Uint8Array {
  return Kinds.encode(textformat.fromText(Kinds, text)).finish();
}

describe('protobufjs agrees', () => {
  it('on every correct text', () => {
    fc.assert(
      fc.property(kindsText, (text) => {
        const { message, diagnostics } = read(text);
        expect(diagnostics).toEqual([]);
        expect(Buffer.from(Kinds.encode(Kinds.fromObject(message)).finish())).toEqual(Buffer.from(theirs(text)));
      }),
      { numRuns: 300 },
    );
  });

  it('on what our canonical text says', () => {
    fc.assert(
      fc.property(kindsText, (text) => {
        const formatted = formatMessage(read(text).message, kindsSchema);
        expect(Buffer.from(theirs(formatted))).toEqual(Buffer.from(theirs(text)));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['f_int32: 2147483648'],
    ['f_int32: 1.0'],
    ['f_int32: "1"'],
    ['f_uint32: -1'],
    ['f_bool: 2'],
    ['f_bool: TRUE'],
    ['f_enum: XX'],
    ['f_enum: "TEST"'],
    ['f_string: abc'],
    ['f_string: "\\q"'],
    ['f_string: "open'],
    ['f_message: 1'],
    ['f_int32: [1]'],
    ['f_int32 1'],
    ['r_int32: [1,]'],
    ['r_int32: [1'],
    ['f_message {'],
    ['f_message < }'],
    ['f_bool: true;;'],
    ['f_int32: 08'],
    ['f_float: 1.2.3'],
    ['unknown: 1'],
    ['}'],
  ])('that this is wrong: %s', (text) => {
    expect(() => theirs(text)).toThrow();
    expect(hasErrors(read(text).diagnostics)).toBe(true);
  });
});
