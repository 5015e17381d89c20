import { DiagnosticsError } from 'caffe-prototxt-parser';
import type { Blob } from './blob/blob.ts';
import { decodeBlob } from './blob/decode-blob.ts';
import { writeBlob } from './blob/encode-blob.ts';
import { caffeSchema } from './caffe-schema.ts';
import { foreignFile } from './caffemodel/foreign-file.ts';
import { memorySource } from './wire/byte-source.ts';
import { decodeMessage, type MessageObject } from './wire/decode-message.ts';
import { encodeMessage } from './wire/encode-message.ts';
import { BYTES, WireError } from './wire/wire-format.ts';

/** What Caffe needs besides the weights to go on with a training: message SolverState. */
export interface SolverState {
  /** Iterations done. */
  iter: number;
  /** The caffemodel of the same snapshot, as it was named when it was written; empty where the file does not say. */
  learnedNet: string;
  /** Steps of the learning rate done, by `lr_policy: "multistep"`. */
  currentStep: number;
  /** The solver's histories, one per learnable parameter in net order; AdaDelta and Adam append a second round. */
  history: Blob[];
}

const SCHEMA = caffeSchema('SolverState');
/** Far more than any real net has. */
const MAX_HISTORIES = 500_000;

/**
 * Reads a `.solverstate` as Caffe writes it with `snapshot_format: BINARYPROTO`. `file` is the name that errors show.
 *
 * @throws DiagnosticsError where the bytes are not a solver state
 */
export function readSolverState(bytes: Uint8Array, file: string): SolverState {
  const source = memorySource(bytes);
  const failure = (message: string, hint: string) =>
    new DiagnosticsError([{ code: 'not-a-solverstate', severity: 'error', message, file, hint }]);
  const foreign = foreignFile(source);
  if (foreign !== undefined) {
    const message = foreign.message.replace('not a caffemodel', 'not a solver state');
    throw new DiagnosticsError([{ ...foreign, code: 'not-a-solverstate', message, file }]);
  }
  const history: Blob[] = [];
  let state: MessageObject;
  try {
    state = decodeMessage(bytes, SCHEMA, {
      replace({ name }, wireType, reader) {
        if (name !== 'history' || wireType !== BYTES) return false;
        if (history.length === MAX_HISTORIES) throw new WireError('more histories than any net has', reader.position);
        const blob = reader.bytes();
        history.push(decodeBlob(source, reader.position - blob.length, reader.position));
        return true;
      },
    });
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    const message = `the solver state is broken at byte ${error.offset}: ${error.message}`;
    throw failure(message, 'copy it again, or give the file that Caffe wrote as .solverstate');
  }
  const { iter, learned_net: learnedNet = '', current_step: currentStep = 0 } = state;
  if (iter === undefined) throw failure('this is not a solver state: it has no iteration', 'give the .solverstate');
  return { iter: Number(iter), learnedNet: String(learnedNet), currentStep: Number(currentStep), history };
}

/** A solver state as the bytes of its file, which Caffe's `--snapshot` takes. */
export function writeSolverState({ iter, learnedNet, currentStep, history }: SolverState): Uint8Array {
  const state = { iter, learned_net: learnedNet, current_step: currentStep };
  const writer = encodeMessage(state, SCHEMA, (field, out) => {
    if (field.name !== 'history') return false;
    for (const blob of history) out.messageField(field.number, () => writeBlob(out, blob));
    return true;
  });
  return writer.bytes();
}
