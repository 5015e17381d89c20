import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describeShared, sharedModelPath, sharedModels } from '../testing/shared.ts';
import { readCaffemodelFile } from './read-caffemodel.ts';
import { writeCaffemodelFile } from './write-caffemodel.ts';

/** The system's Python: OpenCV comes with Debian's python3-opencv. */
const PYTHON = '/usr/bin/python3';
const hasOpenCv = spawnSync(PYTHON, ['-c', 'import cv2'], { stdio: 'ignore' }).status === 0;

interface Reloaded {
  file: string;
  loads: boolean;
  blobs: number;
  differ: string[];
}

describeShared('models', 'OpenCV', () => {
  (hasOpenCv ? test : test.skip)(
    hasOpenCv ? 'reloads what we wrote wherever it loads the original' : 'reloads what we wrote (skipped: no OpenCV)',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'reload-'));
      try {
        const prototxts = sharedModels(/\.prototxt$/).filter((file) => !file.includes('solver'));
        const lines = sharedModels(/\.caffemodel$|lenet_iter_10000$/).map((file, index) => {
          const rewritten = join(folder, `${index}.caffemodel`);
          writeCaffemodelFile(rewritten, readCaffemodelFile(sharedModelPath(file)));
          // The net of lenet-arm is that of lenet-v2.
          const folders = [dirname(file), ...(dirname(file) === 'lenet-arm' ? ['lenet-v2'] : [])];
          const beside = prototxts.filter((prototxt) => folders.includes(dirname(prototxt)));
          return [sharedModelPath(file), rewritten, ...beside.map(sharedModelPath)].join('\t');
        });
        const script = join(__dirname, '../testing/reload-in-opencv.py');
        const run = spawnSync(PYTHON, [script], { input: lines.join('\n'), encoding: 'utf8', maxBuffer: 2 ** 26 });
        const results = run.stdout
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as Reloaded);
        expect(results).toHaveLength(lines.length);
        expect(results.filter(({ differ }) => differ.length > 0)).toEqual([]);
        const loaded = results.filter(({ loads, blobs }) => loads && blobs > 0);
        expect(loaded.length).toBe(28);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    120_000,
  );
});
