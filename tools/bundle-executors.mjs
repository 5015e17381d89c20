/**
 * Writes executors as one file each: loading two hundred modules takes most of the time of one that computes nothing.
 *
 *   npm run build
 *
 * bundles those that run on every cache hit, and those of a search, most of whose tasks end at once. All other executors run
 * where something is computed, and stay as tsc writes them.
 *
 *   node tools/bundle-executors.mjs --all --outdir <folder>
 *
 * bundles all of them and the plugin, readable, for the tests through Nx. Packages with native or WebAssembly parts stay
 * outside.
 */
import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const SOURCES = 'packages/nx/src';
const OFTEN_IDLE = ['quantize-fingerprint', 'quantize-attempt', 'quantize-search'];

const { values } = parseArgs({
  options: { all: { type: 'boolean', default: false }, outdir: { type: 'string', default: 'packages/nx/dist' } },
});
const entries = values.all
  ? [
      'plugin.ts',
      ...readdirSync(`${SOURCES}/executors`)
        .filter((name) => !name.includes('.'))
        .map(executor),
    ]
  : OFTEN_IDLE.map(executor);

await build({
  entryPoints: entries.map((name) => `${SOURCES}/${name}`),
  outdir: values.outdir,
  outbase: SOURCES,
  bundle: true,
  splitting: values.all,
  conditions: ['@caffe-quant/source'],
  platform: 'node',
  // jsonc-parser's CommonJS cannot be bundled, its ES modules can.
  mainFields: ['module', 'main'],
  format: 'esm',
  target: 'node20.19',
  external: ['@nx/devkit', 'classic-level', 'h5wasm', 'onnxruntime-node', 'sharp'],
  minify: !values.all,
  legalComments: 'inline',
  sourcemap: !values.all,
  logLevel: 'warning',
});

function executor(name) {
  return `executors/${name}/executor.ts`;
}
