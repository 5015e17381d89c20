/**
 * Reading a caffemodel of VGG-16's shapes (528 MB), against reading the file's bytes alone, in one run:
 *
 *     node --conditions=@caffe-quant/source tools/benchmarks/read-caffemodel.mjs
 *
 * Prints the two times and their ratio, and the peak of the process's memory against the file's size. The file is made
 * in the system's folder for temporary files and removed.
 */
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
require('@swc-node/register');
const { readCaffemodelFile, writeCaffemodelFile } = require('../../packages/caffe-io/src/index.ts');

const CHANNELS = [3, 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512];
const DENSE = [25088, 4096, 4096, 1000];
const ROUNDS = 5;

function vgg16() {
  const layer = (name, type, ...shapes) => ({
    name,
    type,
    blobs: shapes.map((shape) => {
      const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
      for (let i = 0; i < data.length; i++) data[i] = ((i * 2654435761) >>> 8) / 2 ** 24 - 0.5;
      return { shape, data };
    }),
  });
  const convolutions = CHANNELS.slice(1).map((out, i) =>
    layer(`conv${i}`, 'Convolution', [out, CHANNELS[i], 3, 3], [out]),
  );
  const dense = DENSE.slice(1).map((out, i) => layer(`fc${i}`, 'InnerProduct', [out, DENSE[i]], [out]));
  return { name: 'VGG16', layers: [...convolutions, ...dense] };
}

/** KiB, the most that this process has held; Linux. */
function peakMemory() {
  return Number(/VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
}

function readBytes(path) {
  const bytes = new Uint8Array(statSync(path).size);
  const file = openSync(path, 'r');
  for (let at = 0; at < bytes.length;) at += readSync(file, bytes, at, bytes.length - at, at);
  closeSync(file);
}

/** Milliseconds, the best of some rounds: each in a process of its own, so that none finds memory that another left. */
function measure(mode, path) {
  const script = fileURLToPath(import.meta.url);
  const runs = Array.from({ length: ROUNDS }, () => {
    const args = ['--conditions=@caffe-quant/source', script, mode, path];
    return JSON.parse(spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout);
  });
  return runs.reduce((best, run) => (run.ms < best.ms ? run : best));
}

const [mode, given] = process.argv.slice(2);
if (mode !== undefined) {
  const before = peakMemory();
  const start = performance.now();
  if (mode === 'bytes') readBytes(given);
  else readCaffemodelFile(given);
  const ms = performance.now() - start;
  console.log(JSON.stringify({ ms, kib: peakMemory() - before }));
} else {
  const folder = mkdtempSync(join(tmpdir(), 'caffemodel-'));
  try {
    const path = join(folder, 'vgg16.caffemodel');
    writeCaffemodelFile(path, vgg16());
    const size = statSync(path).size;
    const bytes = measure('bytes', path);
    const model = measure('model', path);
    console.log(`file                ${(size / 2 ** 20).toFixed(0)} MiB`);
    console.log(`read its bytes      ${bytes.ms.toFixed(0)} ms`);
    console.log(
      `read the caffemodel ${model.ms.toFixed(0)} ms, ${(model.ms / bytes.ms).toFixed(2)}x (wanted: at most 1.5x)`,
    );
    console.log(`peak memory         ${((model.kib * 1024) / size).toFixed(2)}x the file (wanted: at most 1.3x)`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
