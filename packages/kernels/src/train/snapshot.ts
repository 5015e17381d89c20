import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClipRange } from '../quantizers/canonical-plan.ts';
import type { PlateauState } from '../solvers/plateau.ts';

/** A trainer between two iterations. */
export interface TrainerSnapshot {
  /** Iterations done. */
  iteration: number;
  /** Weights, histories and clip ranges, by the names of the training graph. */
  tensors: ReadonlyMap<string, Float32Array>;
  /** The range that each quantizer falls back to. */
  lastGood: Readonly<Record<string, ClipRange>>;
  /** Where the learning rate's policy `plateau` stands; absent for the others. */
  plateau?: PlateauState;
}

interface SnapshotIndex {
  iteration: number;
  lastGood: Record<string, ClipRange>;
  plateau?: PlateauState;
  /** In the order of the file; lengths in elements. */
  tensors: { name: string; length: number }[];
}

const INDEX_FILE = 'snapshot.json';
const DATA_FILE = 'snapshot.bin';

/** Writes a snapshot into a folder: `snapshot.json` says what stands in `snapshot.bin`, float32 little-endian. */
export async function writeSnapshot(folder: string, snapshot: TrainerSnapshot): Promise<void> {
  const { iteration, tensors, lastGood, plateau } = snapshot;
  const index: SnapshotIndex = {
    iteration,
    ...(plateau && { plateau }),
    lastGood: { ...lastGood },
    tensors: [...tensors].map(([name, { length }]) => ({ name, length })),
  };
  const chunks = [...tensors.values()].map((data) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  await writeFile(join(folder, DATA_FILE), Buffer.concat(chunks));
  await writeFile(join(folder, INDEX_FILE), JSON.stringify(index));
}

/** @throws where the folder holds no whole snapshot. */
export async function readSnapshot(folder: string): Promise<TrainerSnapshot> {
  const index = JSON.parse(await readFile(join(folder, INDEX_FILE), 'utf8')) as SnapshotIndex;
  const bytes = await readFile(join(folder, DATA_FILE));
  const tensors = new Map<string, Float32Array>();
  let offset = 0;
  for (const { name, length } of index.tensors) {
    const data = new Float32Array(length);
    const source = bytes.subarray(offset, offset + data.byteLength);
    if (source.length !== data.byteLength) throw new Error(`${DATA_FILE} ends in ${name}`);
    new Uint8Array(data.buffer).set(source);
    tensors.set(name, data);
    offset += data.byteLength;
  }
  const { iteration, lastGood, plateau } = index;
  return { iteration, tensors, lastGood, ...(plateau && { plateau }) };
}
