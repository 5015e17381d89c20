import { execFileSync } from 'node:child_process';

/** The drawing of CONTRIBUTING.md, as eslint holds it. */

const FORBIDDEN: [what: string, file: string, line: string][] = [
  ['a package above', 'packages/kernels/src/x.ts', "import '@caffe-quant/deploy';"],
  ['a package beside that the manifest does not list', 'packages/config/src/x.ts', "import '@caffe-quant/caffe-io';"],
  ['a type of a package above', 'packages/resolver/src/x.ts', "export type { Stage } from '@caffe-quant/pipeline';"],
  ['a re-export of a package above', 'packages/kernels/src/x.ts', "export * from '@caffe-quant/resolver';"],
  ['an import() of a package above', 'packages/report/src/x.ts', "void import('@caffe-quant/pipeline');"],
  ['a file around the index', 'packages/nx/src/x.ts', "import '@caffe-quant/pipeline/src/run-stage.ts';"],
  ['a file around the index, built', 'packages/nx/src/x.ts', "import '@caffe-quant/pipeline/dist/run-stage.js';"],
  ['an index by its path', 'packages/pipeline/src/x.ts', "import '../../config/src/index.ts';"],
  ['a file of another package by its path', 'packages/pipeline/src/x.ts', "import '../../config/src/json-syntax.ts';"],
  ['a file of no package', 'packages/config/src/x.ts', "import '../../../tools/generate-protos.mjs';"],
  ['an npm package that the manifest does not list', 'packages/deploy/src/x.ts', "import 'sharp';"],
  ['a folder deeper', 'packages/kernels/src/layers/x.ts', "import '@caffe-quant/report';"],
];

const ALLOWED: [what: string, file: string, line: string][] = [
  ['the index of a package below', 'packages/resolver/src/x.ts', "import '@caffe-quant/kernels';"],
  ['the entry for what layers are', 'packages/resolver/src/x.ts', "import '@caffe-quant/kernels/layer-types';"],
  ['the entry for graph time', 'packages/nx/src/x.ts', "import '@caffe-quant/pipeline/graph-time';"],
  ['one stage', 'packages/nx/src/executors/x.ts', "import '@caffe-quant/pipeline/stages/train';"],
  ['a file of the same package', 'packages/kernels/src/layers/x.ts', "import '../index.ts';"],
  ['an npm package that the manifest lists', 'packages/caffe-io/src/x.ts', "import 'sharp';"],
  ['a module of Node', 'packages/config/src/x.ts', "import 'node:fs';"],
  ['anything, in a spec', 'packages/config/src/x.spec.ts', "import '@caffe-quant/kernels';"],
  ['a type of onnxruntime', 'packages/kernels/src/x.ts', "export type { Tensor } from 'onnxruntime-node';"],
  ['onnxruntime, in its door', 'packages/kernels/src/graph/onnxruntime.ts', "void import('onnxruntime-node');"],
];

/** Ways to onnxruntime around the module that switches its telemetry off. */
const AROUND: [what: string, file: string, line: string][] = [
  ['an import', 'packages/kernels/src/graph/x.ts', "import 'onnxruntime-node';"],
  ['a re-export', 'packages/kernels/src/x.ts', "export { Tensor } from 'onnxruntime-node';"],
  ['an import()', 'packages/kernels/src/x.ts', "void import('onnxruntime-node');"],
  ['a spec', 'packages/deploy/src/x.spec.ts', "export * from 'onnxruntime-node';"],
  ['a tool', 'tools/benchmarks/x.mjs', "import 'onnxruntime-node';"],
  ['a file within', 'tools/x.ts', "import 'onnxruntime-node/dist/binding.js';"],
  ['require()', 'tools/x.cjs', "require('onnxruntime-node');"],
  ['its other half', 'e2e/x.ts', "import 'onnxruntime-common';"],
];

let messages: string[][];
beforeAll(() => {
  const texts = [...FORBIDDEN, ...ALLOWED, ...AROUND].map(([, file, line]) => [file, line]);
  const output = execFileSync(process.execPath, ['tools/boundaries/lint-texts.mjs'], {
    input: JSON.stringify(texts),
    encoding: 'utf8',
  });
  messages = JSON.parse(output) as string[][];
});

test.each(FORBIDDEN.map(([what], index) => [what, index] as const))('forbidden: %s', (_, index) => {
  expect(messages[index]).toEqual([expect.stringContaining('boundaries/dependencies: A package imports')]);
});

test.each(ALLOWED.map(([what], index) => [what, index + FORBIDDEN.length] as const))('allowed: %s', (_, index) => {
  expect(messages[index]).toEqual([]);
});

test.each(AROUND.map(([what], index) => [what, index + FORBIDDEN.length + ALLOWED.length] as const))(
  'around the door of onnxruntime: %s',
  (_, index) => {
    expect(messages[index]).toEqual([expect.stringContaining('which switches its telemetry off first')]);
  },
);
