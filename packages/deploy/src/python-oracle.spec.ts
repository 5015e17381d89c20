import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NetRunner } from '@caffe-quant/kernels';
import { exportModels } from './export-models.ts';
import { lenetExport, lenetImages } from './testing/lenet.ts';
import { graphOf, largestDifference, textOf } from './testing/run-exported.ts';

/** The system's Python: Debian's python3-onnx and python3-opencv. */
const PYTHON = '/usr/bin/python3';
const hasOracles = spawnSync(PYTHON, ['-c', 'import cv2, onnx'], { stdio: 'ignore' }).status === 0;

(hasOracles ? test : test.skip)(
  `ONNX’s checker takes the ONNX model, and OpenCV computes what the plain Caffe model means${hasOracles ? '' : ' (skipped: no python3-onnx and python3-opencv)'}`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'deploy-'));
    try {
      const input = lenetExport();
      const exported = exportModels(input);
      const batch = lenetImages(0, 20);
      const file = (name: string) => join(folder, name);
      for (const [name, content] of exported.files) writeFileSync(file(name), content);
      writeFileSync(file('inputs'), batch.get('data')!);
      const models = ['lenet_int8.onnx', 'lenet_caffe_model.prototxt', 'lenet_caffe_model.caffemodel', 'inputs'].map(
        file,
      );
      const script = join(__dirname, 'testing/check-in-python.py');
      const run = spawnSync(PYTHON, [script, ...models, '20', '1', '28', '28'], { encoding: 'utf8' });
      const found = JSON.parse(run.stdout) as { onnx: string; opset: number; outputs: number[] };
      expect([found.onnx, found.opset]).toEqual(['valid', 13]);
      const runner = await NetRunner.create({
        graph: graphOf(textOf(exported, 'lenet_caffe_model.prototxt')),
        weights: input.weights,
        inputShapes: new Map([['data', [20, 1, 28, 28]]]),
        outputs: ['prob'],
      });
      const { data } = (await runner.run(batch)).get('prob')!;
      await runner.close();
      expect(largestDifference(Float32Array.from(found.outputs), data)).toBeLessThan(1e-5);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  60_000,
);
