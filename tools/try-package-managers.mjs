/**
 * Installs the packed packages as a user does, by npm, pnpm and yarn, and runs a model to its report with each: on this
 * machine, from the registry that npm is set to. It takes some minutes, so the test suite does without it.
 *
 *   npm run try-package-managers [-- npm|pnpm|yarn|yarn-pnp ...] [-- --packed <folder of npm run pack>]
 *
 * Under yarn's Plug'n'Play the run must end with words that say what to do.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const MANAGERS = {
  npm: { files: {}, install: ['npm', 'install'], exec: ['npx'] },
  pnpm: { packages: ['pnpm@10'], files: {}, install: ['pnpm', 'install'], exec: ['pnpm', 'exec'] },
  yarn: {
    packages: ['@yarnpkg/cli-dist@4'],
    files: { '.yarnrc.yml': 'nodeLinker: node-modules\n', 'yarn.lock': '' },
    install: ['yarn', 'install', '--no-immutable'],
    exec: ['yarn', 'exec'],
  },
  'yarn-pnp': {
    packages: ['@yarnpkg/cli-dist@4'],
    files: { '.yarnrc.yml': 'nodeLinker: pnp\n', 'yarn.lock': '' },
    install: ['yarn', 'install', '--no-immutable'],
    exec: ['yarn', 'exec'],
    refused: /Plug'n'Play\s+hint: write `nodeLinker: node-modules`/,
  },
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { packed: { type: 'string' } } });
const chosen = positionals.length > 0 ? positionals : Object.keys(MANAGERS);
const unknown = chosen.filter((name) => !Object.hasOwn(MANAGERS, name));
if (unknown.length > 0) throw new Error(`there is no ${unknown.join(', ')}, but ${Object.keys(MANAGERS).join(', ')}`);
const folder = mkdtempSync(join(tmpdir(), 'caffe-quant-managers-'));
const registry = spawnSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).stdout.trim();
const bin = join(folder, 'bin/node_modules/.bin');
/** No variable that the packages would need: a plain installation has to do. */
const env = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(NX_|CI$|npm_|ONNXRUNTIME_|ORT_)/i.test(name)),
  ),
  PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
  NX_DAEMON: 'false',
  NO_COLOR: '1',
  YARN_NPM_REGISTRY_SERVER: registry,
  YARN_UNSAFE_HTTP_WHITELIST: new URL(registry).hostname,
  YARN_ENABLE_TELEMETRY: '0',
  YARN_ENABLE_GLOBAL_CACHE: 'false',
};

let failed = 0;
try {
  const packed = resolve(values.packed ?? pack());
  const needed = [...new Set(chosen.flatMap((name) => MANAGERS[name].packages ?? []))];
  mkdirSync(join(folder, 'bin'));
  if (needed.length > 0)
    must(folder, 'npm', 'install', '--prefix', join(folder, 'bin'), '--no-audit', '--no-fund', ...needed);
  for (const name of chosen) {
    const problem = tryOne(name, packed);
    console.log(`${name}: ${problem ?? 'works'}`);
    if (problem !== undefined) failed++;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;

function pack() {
  const to = join(folder, 'packed');
  must(process.cwd(), process.execPath, 'tools/pack.mjs', to, '--this-machine');
  return to;
}

/** @returns what went wrong */
function tryOne(name, packed) {
  const { files, install, exec, refused } = MANAGERS[name];
  const place = join(folder, name);
  mkdirSync(place);
  for (const file of readdirSync(packed).filter((each) => each.endsWith('.tgz')))
    cpSync(join(packed, file), join(place, file));
  const workspace = join(place, 'workspace');
  cpSync(join(packed, 'workspace'), workspace, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(workspace, file), text);
  cpSync('models/data/fashion-mnist', join(workspace, 'data'), { recursive: true });
  for (const file of ['train_val.prototxt', 'lenet.caffemodel'])
    cpSync(join('models/model', file), join(workspace, file));
  const installed = run(workspace, ...install);
  if (installed.status !== 0) return `the installation ended with ${installed.status}:\n${installed.output}`;
  const steps = [
    ['g', '@caffe-quant/nx:init'],
    [
      ...['g', '@caffe-quant/nx:model', 'lenet', '--prototxt=train_val.prototxt', '--caffemodel=lenet.caffemodel'],
      ...['--data=data/train_lmdb', '--testData=data/test_lmdb'],
    ],
    ['run', 'lenet:quantize-retrain:quick', '--maxIter=2', '--outputStyle=stream'],
  ];
  let output = '';
  for (const step of steps) {
    const result = run(workspace, ...exec, 'nx', ...step);
    output += result.output;
    if (result.status === 0) continue;
    if (refused?.test(output)) return undefined;
    return `nx ${step.join(' ')} ended with ${result.status}:\n${output}`;
  }
  if (refused) return `was not refused:\n${output}`;
  return /^.*QAT fake-quant.*%/m.test(output) ? undefined : `printed no table:\n${output}`;
}

function run(cwd, command, ...args) {
  const options = { cwd, env, encoding: 'utf8', maxBuffer: 1e8, shell: process.platform === 'win32' };
  const { status, stdout, stderr } = spawnSync(command, args, options);
  return { status, output: `${stdout}${stderr}` };
}

function must(cwd, command, ...args) {
  const { status, output } = run(cwd, command, ...args);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${output}`);
}
