import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { Diagnostic, JsonDescriptor, MessageSchema, TextDocument } from './index.ts';
import {
  bindMessage,
  decodeText,
  encodeText,
  formatMessage,
  hasErrors,
  parseText,
  printText,
  schemaFromDescriptor,
} from './index.ts';
import type { CorpusFile } from './testing/corpus.ts';
import { mutated } from './testing/arbitrary-text.ts';
import { hasCorpus, readCorpus, readFieldTable } from './testing/corpus.ts';
import { processorTime } from './testing/processor-time.ts';

if (!hasCorpus) console.warn('skipped: no corpus of real prototxts beside the checkout');
const describeCorpus = hasCorpus ? describe : describe.skip;

const LEVEL: Record<string, string> = { NetParameter: 'caffe.NetParameter', SolverParameter: 'caffe.SolverParameter' };

/** Whether a diagnostic points where protobuf's own error does. Of an unknown enum value protobuf gives the line of the next token. */
function agrees({ severity, line = 0, message }: Diagnostic, error: string): boolean {
  const theirs = Number(/^input:(\d+):/.exec(error)?.[1]);
  const value = /Unknown enumeration value of "(\w+)"/.exec(error)?.[1];
  if (value !== undefined) return message.includes(value) && line <= theirs && line >= theirs - 1;
  return severity === 'error' && line === theirs;
}

function show({ file }: CorpusFile, diagnostics: readonly Diagnostic[]): string {
  return `${file}: ${diagnostics.map(({ line, column, code, message }) => `${line}:${column} ${code} ${message}`).join(' | ')}`;
}

describeCorpus('the corpus of real prototxts', () => {
  let corpus: CorpusFile[] = [];
  const descriptors = new Map<string, JsonDescriptor | undefined>();

  function schemaFor(proto: string, type: string): MessageSchema | undefined {
    if (!descriptors.has(proto)) descriptors.set(proto, readFieldTable(proto));
    const descriptor = descriptors.get(proto);
    return descriptor && schemaFromDescriptor(descriptor, type);
  }

  /** What nobody could read is a net or a solver: whichever knows more of the fields at the top. */
  function bestReading(document: TextDocument): Diagnostic[] {
    const readings = Object.values(LEVEL).flatMap((type) => {
      const schema = schemaFor('BVLC-master', type);
      if (schema === undefined) return [];
      const { diagnostics, unknown } = bindMessage(document, schema);
      return [{ diagnostics, strange: unknown.filter((field) => field.schema === schema).length }];
    });
    return readings.sort((a, b) => a.strange - b.strange)[0]?.diagnostics ?? [];
  }

  beforeAll(() => {
    corpus = readCorpus();
  });

  it('is printed back byte for byte, whatever it holds', () => {
    const changed = corpus.filter(({ file, bytes }) => {
      const { document } = parseText(decodeText(bytes), { file });
      return !Buffer.from(encodeText(printText(document))).equals(bytes);
    });
    expect(changed.map(({ file }) => file)).toEqual([]);
    expect(corpus.length).toBeGreaterThan(2000);
  });

  it('binds without an error to the caffe.proto that protobuf reads it with, and survives canonical printing', () => {
    let bound = 0;
    const wrong: string[] = [];
    const changed: string[] = [];
    for (const entry of corpus) {
      const schema = entry.proto === '' ? undefined : schemaFor(entry.proto, LEVEL[entry.kind] ?? '');
      if (schema === undefined) continue;
      const { document, diagnostics } = parseText(decodeText(entry.bytes), { file: entry.file });
      const result = bindMessage(document, schema);
      if (diagnostics.length > 0 || hasErrors(result.diagnostics))
        wrong.push(show(entry, [...diagnostics, ...result.diagnostics]));
      const again = parseText(formatMessage(result.message, schema), { file: entry.file });
      const survived = isDeepStrictEqual(bindMessage(again.document, schema).message, result.message);
      if (again.diagnostics.length > 0 || !survived) changed.push(entry.file);
      bound++;
    }
    expect(wrong).toEqual([]);
    expect(changed).toEqual([]);
    expect(bound).toBeGreaterThan(1800);
  });

  it('has an error on the line where protobuf found one, for every file that no caffe.proto reads', () => {
    const missed: string[] = [];
    let checked = 0;
    for (const entry of corpus) {
      if (entry.error === '') continue;
      const { document, diagnostics } = parseText(decodeText(entry.bytes), { file: entry.file });
      const found = [...diagnostics, ...bestReading(document)];
      checked++;
      if (!found.some((diagnostic) => agrees(diagnostic, entry.error)))
        missed.push(`${entry.error} -- ${show(entry, found)}`);
    }
    expect(missed).toEqual([]);
    expect(checked).toBeGreaterThan(300);
  });

  it('has 17 broken files, whose first error is the one that protobuf stops at', () => {
    const broken = corpus.filter(({ error }) => error !== '' && !/has no field named|Unknown enumeration/.test(error));
    const places = broken.map(({ file, bytes, error }) => {
      const { document, diagnostics } = parseText(decodeText(bytes), { file });
      const lines = [...diagnostics, ...bestReading(document)]
        .filter(({ severity }) => severity === 'error')
        .map(({ line = 0 }) => line);
      return [Math.min(...lines), Number(/^input:(\d+):/.exec(error)?.[1])];
    });
    expect(places.map(([ours]) => ours)).toEqual(places.map(([, theirs]) => theirs));
    expect(places).toHaveLength(17);
  });

  it('with files changed at random, ends in a tree that prints what it was made of and in bounded diagnostics, soon', () => {
    const schema = schemaFor('BVLC-master', 'caffe.NetParameter');
    if (schema === undefined) return;
    // A file from each part of the corpus, those of a few KB, so that each run takes milliseconds.
    const texts = corpus
      .filter(({ bytes }) => bytes.length > 200 && bytes.length < 20_000)
      .filter((_, index) => index % 15 === 0)
      .map(({ bytes }) => decodeText(bytes));
    expect(texts.length).toBeGreaterThan(50);
    for (const text of texts) {
      fc.assert(
        fc.property(mutated(text), (changed) => {
          const start = processorTime();
          const { document, diagnostics } = parseText(changed, { file: 'changed.prototxt' });
          expect(printText(document) === changed).toBe(true);
          const bound = bindMessage(document, schema);
          expect(diagnostics.length + bound.diagnostics.length).toBeLessThanOrEqual(2002);
          expect(processorTime() - start).toBeLessThan(1000);
        }),
        { numRuns: 4 },
      );
    }
  });
});
