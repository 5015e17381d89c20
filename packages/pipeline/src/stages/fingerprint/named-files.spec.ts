import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUN } from '../../run-all.ts';
import { runIn } from '../../testing/run-in.ts';
import { SMALL_PROJECT, smallProject } from '../../testing/small-project.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { fingerprintStage } from './stage.ts';

const folder = temporaryFolder();

const NET = SMALL_PROJECT['train_val.prototxt']!.replace(
  /layer \{ name: "loss".*/,
  'layer { name: "loss" type: "InfogainLoss" bottom: "ip3" bottom: "label" top: "loss"\n' +
    '        infogain_loss_param { source: "gain.binaryproto" } }',
);
/** A BlobProto [3, 3]. */
function gain(...values: number[]): Uint8Array {
  const data = new Uint8Array(Float32Array.from(values).buffer);
  return Uint8Array.of(0x3a, 4, 0x0a, 2, 3, 3, 0x2a, data.length, ...data);
}

const output = (workspaceRoot: string, file: string) => readFileSync(join(workspaceRoot, 'dist/quantize/small', file));

async function trained(run: string, matrix: Uint8Array): Promise<{ fingerprint: Buffer; weights: Buffer }> {
  const workspaceRoot = join(folder.path, run);
  const place = smallProject(workspaceRoot, { 'train_val.prototxt': NET });
  writeFileSync(join(place.root, 'gain.binaryproto'), matrix);
  for (const stage of RUN) {
    expect(await runIn(place, stage, { maxIter: 4 })).toMatchObject({ success: true, errors: '' });
  }
  return {
    fingerprint: output(workspaceRoot, 'fingerprint/fingerprint.json'),
    weights: output(workspaceRoot, 'train/trained.caffemodel'),
  };
}

test('a loss whose matrix is in a file trains, and the file counts as data do', async () => {
  const [plain, weighted] = [
    await trained('a', gain(1, 0, 0, 0, 1, 0, 0, 0, 1)),
    await trained('b', gain(3, 1, 0, 1, 3, 0, 0, 1, 3)),
  ];
  expect(Object.keys((JSON.parse(plain.fingerprint.toString()) as { data: object }).data)).toContain(
    'gain.binaryproto',
  );
  expect(weighted.fingerprint.equals(plain.fingerprint)).toBe(false);
  expect(weighted.weights.equals(plain.weights)).toBe(false);
});

test('a matrix that is not there is told with its layer', async () => {
  const place = smallProject(folder.path, { 'train_val.prototxt': NET });
  rmSync(join(place.root, 'gain.binaryproto'), { force: true });
  const { success, errors } = await runIn(place, fingerprintStage);
  expect(success).toBe(false);
  expect(errors).toMatch(/train_val\.prototxt:12.*loss.*there is no data 'gain.binaryproto'/);
});
