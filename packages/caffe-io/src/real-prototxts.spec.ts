import { hasErrors, printText } from 'caffe-prototxt-parser';
import { buildNetGraph } from './graph/build-net-graph.ts';
import { readNetText } from './read-net-text.ts';
import { readSolverText } from './read-solver-text.ts';
import { describeShared, readCorpusTexts } from './testing/shared.ts';

/** Forks whose caffe.proto we have no table of. */
const WITHOUT_TABLE = ['GongCheng1919-ternary', 'BVLC-opencl'];

describeShared('corpus', 'real nets and solvers', () => {
  const texts = readCorpusTexts();
  const parsed = texts.filter(({ proto }) => proto !== '' && proto !== 'proto');
  const results = parsed.map((entry) => {
    const read = entry.kind === 'SolverParameter' ? readSolverText : readNetText;
    return { ...entry, result: read(entry.text, entry.file) };
  });

  test('every one that a caffe.proto parses is read without an error, those of forks by their dialect', () => {
    const failed = results.filter(({ result }) => hasErrors(result.diagnostics));
    expect(failed.filter(({ proto }) => !WITHOUT_TABLE.includes(proto)).map(({ file }) => file)).toEqual([]);
    expect(failed).toHaveLength(28);
    expect(results).toHaveLength(1890);
  });

  test('every one prints back byte for byte', () => {
    expect(results.filter(({ text, result }) => printText(result.document) !== text).map(({ file }) => file)).toEqual(
      [],
    );
  });

  test('every one that BVLC parses is of its dialect', () => {
    const others = results.filter(({ proto, result }) => proto === 'BVLC-master' && result.dialect !== 'bvlc');
    expect(others.map(({ file }) => file)).toEqual([]);
  });

  test("nets of Synopsys' fork are known by their pooling", () => {
    const nets = texts.filter(({ text }) => text.includes('AVE_EXC_PAD'));
    expect(nets).toHaveLength(46);
    const read = nets.map(({ file, text }) => ({ file, ...readNetText(text, file) }));
    expect(read.filter(({ dialect }) => dialect !== 'synopsys').map(({ file }) => file)).toEqual([]);
    const messages = read.flatMap(({ diagnostics }) => diagnostics.map(({ message }) => message));
    expect(messages.filter((message) => message.includes('AVE_EXC_PAD'))).toEqual([]);
    expect(read.filter(({ diagnostics }) => hasErrors(diagnostics)).map(({ file }) => file)).toEqual([]);
  });

  test('nets of 2013 and 2014 have layers of today', () => {
    const old = results.filter(({ legacy }) => legacy === 'V0' || legacy === 'V1');
    expect(old).toHaveLength(100);
    for (const { file, result } of old) {
      if (!('net' in result)) throw new Error(file);
      expect([file, result.net.layers.length, result.net.layer.every(({ type }) => type !== undefined)]).toEqual([
        file,
        0,
        true,
      ]);
    }
  });

  test('every net has a sound graph in one phase or a located reason', () => {
    let sound = 0;
    const unlocated: string[] = [];
    for (const { file, result } of results) {
      if (!('net' in result) || hasErrors(result.diagnostics)) continue;
      const graphs = (['TRAIN', 'TEST'] as const).map((phase) =>
        buildNetGraph(result.net, { file, phase, locate: result.locate }),
      );
      if (graphs.some(({ diagnostics }) => !hasErrors(diagnostics))) sound++;
      const found = graphs.flatMap(({ diagnostics }) => diagnostics).filter(({ code }) => code !== 'empty-net');
      unlocated.push(...found.filter(({ line }) => line === undefined).map(({ message }) => `${file}: ${message}`));
    }
    expect(unlocated).toEqual([]);
    expect(sound).toBe(1129);
  });
});
