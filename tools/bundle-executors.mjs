/**
 * Writes executors that run on every cache hit as one file each: loading two hundred modules took most of their time.
 *
 *   npm run build
 *
 * All other executors run where something is computed, and stay as tsc writes them. Packages with native or WebAssembly
 * parts stay outside: what runs here never loads them.
 */
import { build } from 'esbuild';

const PACKAGE = 'packages/nx';
const EXECUTORS = ['quantize-fingerprint'];

await build({
  entryPoints: EXECUTORS.map((name) => `${PACKAGE}/src/executors/${name}/executor.ts`),
  outdir: `${PACKAGE}/dist/executors`,
  outbase: `${PACKAGE}/src/executors`,
  bundle: true,
  conditions: ['@caffe-quant/source'],
  platform: 'node',
  // jsonc-parser's CommonJS cannot be bundled, its ES modules can.
  mainFields: ['module', 'main'],
  format: 'esm',
  target: 'node20.19',
  external: ['@nx/devkit', 'classic-level', 'h5wasm', 'onnxruntime-node', 'sharp'],
  minify: true,
  legalComments: 'inline',
  sourcemap: true,
  logLevel: 'warning',
});
