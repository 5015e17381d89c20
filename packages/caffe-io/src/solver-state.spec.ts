import fc from 'fast-check';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { writeCaffemodel } from './caffemodel/write-caffemodel.ts';
import { readSolverState, writeSolverState } from './solver-state.ts';

const STATE = {
  iter: 5000,
  learnedNet: 'snapshots/lenet_iter_5000.caffemodel',
  currentStep: 2,
  history: [
    { shape: [2, 1], data: Float32Array.of(0.5, -0.25) },
    { shape: [], data: Float32Array.of(3) },
  ],
};

function failure(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof DiagnosticsError) return error.message;
    throw error;
  }
  throw new Error('it did not fail');
}

describe('solver states', () => {
  test('come back as they were', () => {
    expect(readSolverState(writeSolverState(STATE), 's')).toEqual(STATE);
  });

  test('have the bytes that protobuf gives them', () => {
    const bytes = writeSolverState({ iter: 300, learnedNet: 'a', currentStep: 0, history: [STATE.history[1]!] });
    // iter 300; learned_net "a"; history { data: 3.0 (packed), shape {} }; current_step 0
    expect(Buffer.from(bytes).toString('hex')).toBe('08ac02' + '120161' + '1a08' + '2a0400004040' + '3a00' + '2000');
  });

  test.each([
    ['a caffemodel', writeCaffemodel({ name: 'n', layers: [{ name: 'l', type: 'ReLU', blobs: [] }] })],
    ['a web page', Buffer.from('<!DOCTYPE html>')],
    ['nothing', new Uint8Array(0)],
    ['a state that is cut off', writeSolverState(STATE).subarray(0, 60)],
  ])('%s is refused', (_, bytes) => {
    expect(failure(() => readSolverState(bytes, 'x.solverstate'))).toMatch(/^x.solverstate: error: /);
  });

  test('any bytes end in a state or a diagnostic', () => {
    const whole = writeSolverState(STATE);
    const read = (bytes: Uint8Array) => {
      try {
        readSolverState(bytes, 's');
      } catch (error) {
        expect(error).toBeInstanceOf(DiagnosticsError);
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), read), { numRuns: 500 });
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const changed = Uint8Array.from(whole);
        changed[at] = byte;
        read(changed);
      }),
      { numRuns: 500 },
    );
  });
});
