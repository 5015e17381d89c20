/**
 * Makes the tarballs that are published, and a workspace that has them installed by their paths, to try them in.
 *
 *   npm run pack [-- <folder>] [-- --this-machine] [-- --no-build]
 *
 * In the folder (default: dist/packages) are the tarballs, and in its `workspace` a package.json for npm, pnpm and yarn.
 *
 * onnxruntime-node has an install script that downloads CUDA files of half a gigabyte, and ends the whole installation where it
 * cannot; what computes on the processor is in the package. So it is packed anew as @caffe-quant/onnxruntime-node: the same
 * files without the script and what that needs, under the same version. The kernels ask for it under the old name.
 * `--this-machine` leaves other machines' binaries out of it.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const RUNTIME = 'onnxruntime-node';
const REPACKED = '@caffe-quant/onnxruntime-node';

const LICENSE = `MIT License

Copyright (c) Microsoft Corporation

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software
is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES
OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE
LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR
IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'this-machine': { type: 'boolean' }, 'no-build': { type: 'boolean' } },
});
const folder = resolve(positionals[0] ?? 'dist/packages');

if (!values['no-build']) npm(['run', 'build'], 'inherit');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const packed = await packAll();
writeFileSync(join(folder, 'packages.json'), `${JSON.stringify(packed, null, 2)}\n`);
writeWorkspace(join(folder, 'workspace'), packed);
const shown = relative(process.cwd(), folder) || '.';
console.log(`${packed.length} tarballs in ${shown}; to try them: cd ${join(shown, 'workspace')} && npm install`);

async function packAll() {
  const temporary = mkdtempSync(join(tmpdir(), 'caffe-quant-pack-'));
  try {
    const runtime = repackRuntime(join(temporary, 'runtime'));
    const folders = readdirSync('packages').map((name) => join('packages', name));
    const packages = folders.map((from) => withRepacked(from, runtime.version, join(temporary, basename(from))));
    const all = [join(temporary, 'runtime'), ...packages];
    const made = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder, ...all]));
    const manifests = new Map(all.map((from) => readJson(join(from, 'package.json'))).map((each) => [each.name, each]));
    return made.map(({ name, version, filename, files }) => ({
      ...{ name, version, filename, manifest: manifests.get(name) },
      files: files.map(({ path }) => ({ path })),
    }));
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** The folder to pack: the package's own, or where it needs the runtime a copy that asks for the repacked one. */
function withRepacked(from, version, to) {
  const manifest = readJson(join(from, 'package.json'));
  if (manifest.dependencies?.[RUNTIME] === undefined) return `./${from}`;
  if (manifest.dependencies[RUNTIME] !== version) {
    throw new Error(`${from} needs ${RUNTIME} ${manifest.dependencies[RUNTIME]}, but ${version} is installed`);
  }
  cpSync(from, to, { recursive: true, filter: (path) => !path.includes('node_modules') });
  const dependencies = { ...manifest.dependencies, [RUNTIME]: `npm:${REPACKED}@${version}` };
  writeFileSync(join(to, 'package.json'), JSON.stringify({ ...manifest, dependencies }, null, 2));
  return to;
}

function repackRuntime(to) {
  const from = join('node_modules', RUNTIME);
  const { scripts: _, devDependencies: __, dependencies, ...manifest } = readJson(join(from, 'package.json'));
  const common = { 'onnxruntime-common': dependencies['onnxruntime-common'] };
  const { platform, arch } = process;
  const isOther = (path) => /napi-v\d+[\\/]\w+[\\/]\w+/.test(path) && !path.includes(join(platform, arch));
  mkdirSync(to);
  for (const name of ['bin', 'dist', 'lib']) {
    const filter = (path) => !(values['this-machine'] && isOther(path));
    cpSync(join(from, name), join(to, name), { recursive: true, filter });
  }
  const readme = `# ${REPACKED}\n\n${RUNTIME} ${manifest.version} as Microsoft publishes it, without its install script, which downloads CUDA files.\n`;
  writeFileSync(join(to, 'README.md'), readme);
  writeFileSync(join(to, 'LICENSE'), LICENSE);
  const description = `${RUNTIME} without its install script`;
  const repacked = { ...manifest, name: REPACKED, description, dependencies: common, files: ['bin', 'dist', 'lib'] };
  writeFileSync(join(to, 'package.json'), JSON.stringify(repacked, null, 2));
  return repacked;
}

/** Every tarball by its path, under the name that others ask for it by: each package manager then asks no registry for one. */
function writeWorkspace(to, tarballs) {
  const { nx, '@nx/devkit': devkit } = readJson('package.json').devDependencies;
  const paths = Object.fromEntries(
    tarballs.map(({ name, filename }) => [name === REPACKED ? RUNTIME : name, `file:../${filename}`]),
  );
  const manifest = {
    name: 'try-caffe-quant',
    private: true,
    // Yarn installs no peers by itself.
    devDependencies: { nx, '@nx/devkit': devkit, ...paths },
    // What npm does by itself where the workspace has a package of the version asked for.
    resolutions: paths,
    pnpm: { overrides: paths },
  };
  mkdirSync(to, { recursive: true });
  writeFileSync(join(to, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  // By this Nx knows that it is a workspace, where there is no node_modules; the generator init adds the rest.
  const nxJson = { analytics: false, neverConnectToCloud: true };
  writeFileSync(join(to, 'nx.json'), `${JSON.stringify(nxJson, null, 2)}\n`);
}

function npm(args, stdout = 'pipe') {
  const options = { encoding: 'utf8', maxBuffer: 1e8, stdio: ['ignore', stdout, 'inherit'] };
  return execFileSync('npm', args, { ...options, shell: process.platform === 'win32' });
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
