import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { findEnginePackage, findPackage } from './find-package.ts';

const folder = temporaryFolder();

/** Installs a package at a path, as far as its manifest. */
function install(path: string, manifest: { name: string; version?: string; [field: string]: unknown }): void {
  mkdirSync(join(folder.path, path), { recursive: true });
  writeFileSync(join(folder.path, path, 'package.json'), JSON.stringify({ version: '1.0.0', ...manifest }));
}

test('the nearest node_modules upwards that has it', () => {
  install('node_modules/sharp', { name: 'sharp', version: '1.0.0' });
  install('a/node_modules/other', { name: 'other' });
  expect(findPackage('sharp', join(folder.path, 'a/b'))?.version).toBe('1.0.0');
  // Installed meanwhile, while Nx's daemon goes on.
  install('a/node_modules/sharp', { name: 'sharp', version: '2.0.0' });
  expect(findPackage('sharp', join(folder.path, 'a/b'))?.version).toBe('2.0.0');
  expect(findPackage('@caffe-quant/none', join(folder.path, 'a/b'))).toBeUndefined();
});

test('a package whose exports hide its package.json, and that has nothing for require()', () => {
  install('node_modules/hidden', { name: 'hidden', version: '3.0.0', exports: { '.': { import: './index.mjs' } } });
  expect(findPackage('hidden', folder.path)).toMatchObject({ name: 'hidden', version: '3.0.0' });
});

test("what the engine depends on, in the folders of pnpm, where the workspace's own does not have it", () => {
  const store = 'node_modules/.pnpm';
  const link = (from: string, to: string) => {
    mkdirSync(join(folder.path, from, '..'), { recursive: true });
    symlinkSync(join(folder.path, to), join(folder.path, from), 'dir');
  };
  const depending = (name: string, on: string) => {
    install(`${store}/${name}/node_modules/@caffe-quant/${name}`, {
      name: `@caffe-quant/${name}`,
      dependencies: { [on]: '1.0.0' },
    });
  };
  depending('nx', '@caffe-quant/pipeline');
  depending('pipeline', '@caffe-quant/kernels');
  depending('kernels', 'onnxruntime-node');
  install(`${store}/onnxruntime-node/node_modules/onnxruntime-node`, { name: 'onnxruntime-node', version: '1.30.0' });
  link('node_modules/@caffe-quant/nx', `${store}/nx/node_modules/@caffe-quant/nx`);
  link(`${store}/nx/node_modules/@caffe-quant/pipeline`, `${store}/pipeline/node_modules/@caffe-quant/pipeline`);
  link(`${store}/pipeline/node_modules/@caffe-quant/kernels`, `${store}/kernels/node_modules/@caffe-quant/kernels`);
  link(`${store}/kernels/node_modules/onnxruntime-node`, `${store}/onnxruntime-node/node_modules/onnxruntime-node`);
  expect(findEnginePackage('onnxruntime-node', folder.path)?.version).toBe('1.30.0');
  expect(findEnginePackage('sharp', folder.path)).toBeUndefined();
});
