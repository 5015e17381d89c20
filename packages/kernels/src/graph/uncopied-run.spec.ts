import type { InferenceSession } from 'onnxruntime-node';
import { encodeModel } from './encode-model.ts';
import { GraphBuilder } from './graph-builder.ts';
import * as ops from './ops.ts';
import { floatTensor, openSession, tensor } from './session.ts';
import { runInto } from './uncopied-run.ts';

test.each([true, false])('results lie in the arrays that are given (uncopied: %s)', async (uncopied) => {
  const g = new GraphBuilder();
  const x = g.input('x', [3]);
  g.output('y', ops.mul(g, x, g.scalar(2)));
  g.output('z', ops.neg(g, x));
  const session = await openSession(encodeModel(g, { name: 'doubles', uncopied }), { threads: 1 });
  const [y, z] = [new Float32Array(3), new Float32Array(3)];
  for (const factor of [1, 10]) {
    const feeds = {
      x: floatTensor(
        Float32Array.of(1, 2, 3).map((value) => value * factor),
        [3],
      ),
    };
    await runInto(session, feeds, { y: floatTensor(y, [3]), z: floatTensor(z, [3]) });
    expect([...y]).toEqual([2, 4, 6].map((value) => value * factor));
    expect([...z]).toEqual([-1, -2, -3].map((value) => value * factor));
  }
  await session.release();
});

test('what goes wrong in a run is an error as ever', async () => {
  const g = new GraphBuilder();
  const rows = g.input('rows', [2], 'int64');
  g.output('y', g.op('Gather', [g.constant('float', [3], [1, 2, 3]), rows], { axis: 0 }, [2], 'float'));
  const session = await openSession(encodeModel(g, { name: 'outside', uncopied: true }), { threads: 1 });
  const feeds = { rows: tensor('int64', BigInt64Array.of(0n, 7n), [2]) };
  await expect(runInto(session, feeds, { y: floatTensor(new Float32Array(2), [2]) })).rejects.toThrow(/idx=7/);
  await session.release();
});

test('a run that ends before it has computed anything is no result', async () => {
  const run = () => Promise.reject(new Error('Non tensor type is temporarily not supported.'));
  const session = { outputNames: ['uncopied', 'computed', 'y'], run } as unknown as InferenceSession;
  await expect(runInto(session, {}, {})).rejects.toThrow('before it computed');
});
