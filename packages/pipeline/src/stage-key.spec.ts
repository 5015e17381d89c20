import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { engineKey } from './stage-key.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const folder = temporaryFolder();
const NAMES = ['caffe-io', 'config', 'deploy', 'kernels', 'nx', 'pipeline', 'report', 'resolver'];

const write = (file: string, text: string) => {
  mkdirSync(dirname(join(folder.path, file)), { recursive: true });
  writeFileSync(join(folder.path, file), text);
};

/** A workspace with the packages, a source file in each: linked, as in their own repository, or installed. */
function workspace(kind: 'linked' | 'installed'): void {
  write('node_modules/onnxruntime-node/package.json', '{"name":"onnxruntime-node","version":"1.30.0"}');
  write('node_modules/sharp/package.json', '{"name":"sharp","version":"0.35.5"}');
  mkdirSync(join(folder.path, 'node_modules/@caffe-quant'), { recursive: true });
  for (const name of [...NAMES, 'caffe-prototxt-parser']) {
    const installed = name === 'caffe-prototxt-parser' ? name : `@caffe-quant/${name}`;
    const at = kind === 'linked' ? `packages/${name}` : `node_modules/${installed}`;
    mkdirSync(join(folder.path, at), { recursive: true });
    cpSync(join(process.cwd(), 'packages', name, 'package.json'), join(folder.path, at, 'package.json'));
    write(`${at}/src/index.ts`, '1');
    write(`${at}/src/index.spec.ts`, '1');
    if (kind === 'linked') symlinkSync(join(folder.path, at), join(folder.path, 'node_modules', installed));
  }
}

test('installed packages count by version, numbers by those of numerics, onnxruntime and sharp', () => {
  workspace('installed');
  const { version } = JSON.parse(readFileSync('packages/pipeline/package.json', 'utf8'));
  expect(engineKey('train', folder.path)).toEqual({
    numericsVersion: expect.any(Number),
    onnxruntime: '1.30.0',
    imageDecoder: '0.35.5',
    processor: expect.stringContaining(process.arch),
  });
  expect(engineKey('report', folder.path)).toEqual({ version });
});

describe('linked packages count by their sources', () => {
  const changes = (file: string) => {
    const before = engineKey('train', folder.path);
    write(file, '2');
    return JSON.stringify(engineKey('train', folder.path)) !== JSON.stringify(before);
  };

  test.each(['kernels', 'deploy', 'caffe-io', 'resolver', 'caffe-prototxt-parser', 'pipeline'])(
    'train: on %s',
    (name) => {
      workspace('linked');
      expect(changes(`packages/${name}/src/index.ts`)).toBe(true);
    },
  );

  test.each(['report', 'nx'])('train: not on %s', (name) => {
    workspace('linked');
    expect(changes(`packages/${name}/src/index.ts`)).toBe(false);
  });

  test('not on tests', () => {
    workspace('linked');
    expect(changes('packages/kernels/src/index.spec.ts')).toBe(false);
  });
});
