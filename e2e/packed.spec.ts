import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PackageRegistry, PackedPackage } from './support/package-registry.ts';
import { ALL_STAGES, stagesOf } from './support/stages-of.ts';
import type { ClosedProxy } from './support/closed-proxy.ts';
import { startClosedProxy } from './support/closed-proxy.ts';
import { packAll, startRegistry } from './support/package-registry.ts';

/** The packages as a user gets them: built, packed, installed into a fresh workspace from a registry on loopback. */

/** What others make, packed anew. */
const RUNTIME = '@caffe-quant/onnxruntime-node';

/** By default each plugin has a process of its own, six of them at each command. The commands of the README show that ours works so. */
const PLUGINS_IN_ONE_PROCESS = { NX_ISOLATE_PLUGINS: 'false' };

let folder: string;
let workspace: string;
let packages: PackedPackage[];
let registry: PackageRegistry;
let proxy: ClosedProxy;
/** Set for the commands of one test. */
let environment: Readonly<Record<string, string>> = {};

interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(command: string, ...args: string[]): Promise<Run> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(NX_|CI$|GITHUB_ACTIONS$|ORT_|FORCE_COLOR|npm_|.*_proxy$)/i.test(name),
  );
  const env = {
    ...Object.fromEntries(inherited),
    NX_DAEMON: 'false',
    NO_COLOR: '1',
    CAFFE_QUANT_CACHE_DIR: join(folder, 'memo'),
    ...environment,
    ...proxy?.environment,
    npm_config_registry: registry?.url ?? '',
    npm_config_cache: join(folder, 'npm-cache'),
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
  };
  return new Promise((resolve) => {
    execFile(command, args, { cwd: workspace, env, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ status, stdout, stderr });
    });
  });
}

async function succeed(command: string, ...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await run(command, ...args);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

/** Stages that ran, and those whose results came from Nx's cache. */
const nxRun = async (task: string) => stagesOf(await succeed('npx', 'nx', 'run', task));

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'caffe-quant-packed-')));
  workspace = process.cwd();
  await succeed('npm', 'run', 'build');
  const tarballs = join(folder, 'tarballs');
  packages = await packAll(tarballs);
  registry = await startRegistry(tarballs, packages);
  proxy = await startClosedProxy();
});
afterEach(() => {
  environment = {};
});
afterAll(async () => {
  await registry?.close();
  await proxy?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('every package holds what it is to hold, and no tests', () => {
  expect(packages).toHaveLength(readdirSync('packages').length + 1);
  for (const { name, files } of packages.filter((each) => each.name !== RUNTIME)) {
    const paths = files.map(({ path }) => path);
    const own = name === '@caffe-quant/nx' ? ['executors.json', 'generators.json', 'migrations.json'] : [];
    expect({ name, paths }).toEqual({
      name,
      paths: expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'src/index.ts', ...own]),
    });
    const compiled = paths
      .filter((path) => path.startsWith('src/') && path.endsWith('.ts'))
      .flatMap((path) => ['.js', '.js.map', '.d.ts', '.d.ts.map'].map((end) => `dist${path.slice(3, -3)}${end}`));
    expect({ name, dist: paths.filter((path) => path.startsWith('dist/')).sort() }).toEqual({
      name,
      dist: compiled.sort(),
    });
    expect(paths.filter((path) => /\.spec\.|\/testing\/|\/fixtures\/|tsbuildinfo/.test(path))).toEqual([]);
  }
});

test('what is installed has no install script of ours, and none that downloads anything', () => {
  for (const { name, manifest } of packages) {
    const scripts = Object.keys((manifest['scripts'] ?? {}) as object);
    expect({ name, scripts: scripts.filter((script) => /install$/.test(script)) }).toEqual({ name, scripts: [] });
    const dependencies = (manifest['dependencies'] ?? {}) as Record<string, string>;
    expect(dependencies['onnxruntime-node'] ?? RUNTIME).toContain(RUNTIME);
  }
  const runtime = packages.find(({ name }) => name === RUNTIME)!.files.map(({ path }) => path);
  expect(runtime).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist/index.js', 'package.json']));
  expect(runtime.filter((path) => /^bin\/napi-v\d+\/\w+\/\w+\/onnxruntime_binding\.node$/.test(path))).toHaveLength(1);
});

test.each(readdirSync('packages'))(
  'what the manifest of %s names is in the package, under no condition that others set',
  (name) => {
    const manifest = JSON.parse(readFileSync(join('packages', name, 'package.json'), 'utf8')) as {
      name: string;
      exports: Record<string, string | Record<string, string>>;
    };
    const paths = packages.find((packed) => packed.name === manifest.name)?.files.map(({ path }) => path) ?? [];
    for (const target of Object.values(manifest.exports)) {
      const conditions = typeof target === 'string' ? { default: target } : target;
      // Nx starts its daemon with the condition `development`; a package that knows it would be loaded from elsewhere there.
      expect(['@caffe-quant/source types default', 'default']).toContain(Object.keys(conditions).join(' '));
      for (const file of Object.values(conditions)) {
        const [before = '', after = ''] = file.slice(2).split('*');
        expect(paths.filter((path) => path.startsWith(before) && path.endsWith(after))).not.toEqual([]);
      }
    }
  },
);

/** The commands of a README, one script for each of its blocks. */
function commandsOf(readme: string): string[] {
  return [...readFileSync(readme, 'utf8').matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, script = '']) => script);
}

/** What the README takes for granted, with a solver that is soon done. */
function bringFiles(): void {
  const model = join(process.cwd(), 'models/model');
  mkdirSync(workspace);
  writeFileSync(join(workspace, '.gitignore'), 'node_modules/\n');
  cpSync('models/data/fashion-mnist', join(workspace, 'data'), { recursive: true });
  for (const name of ['train_val.prototxt', 'lenet.caffemodel']) cpSync(join(model, name), join(workspace, name));
  cpSync(join(model, 'float/solver.prototxt'), join(workspace, 'solver.prototxt'));
  writeFileSync(
    join(workspace, 'solver.prototxt'),
    readFileSync(join(workspace, 'solver.prototxt'), 'utf8').replace(/max_iter: \d+/, 'max_iter: 16'),
  );
}

test('the README, to the letter: Nx, the plugin, a model, a trial, the whole training; then it is in the cache', async () => {
  workspace = join(folder, 'workspace');
  bringFiles();
  const [script = '', ...others] = commandsOf('README.md');
  expect(others).toHaveLength(1);
  expect(commandsOf('packages/nx/README.md')).toEqual([script]);
  const output = await succeed('bash', '-e', '-c', script);
  const tables = output.match(/^post-training /gm);
  expect(tables).toHaveLength(2);
  expect(output.match(/^> nx run lenet:quantize-retrain/gm)).toHaveLength(2);
  const { analytics, neverConnectToCloud } = JSON.parse(readFileSync(join(workspace, 'nx.json'), 'utf8'));
  expect({ analytics, neverConnectToCloud }).toEqual({ analytics: false, neverConnectToCloud: true });
  environment = PLUGINS_IN_ONE_PROCESS;
  expect(await nxRun('lenet:quantize-retrain')).toEqual({ ran: ['fingerprint'], cached: ALL_STAGES.slice(1) });
  expect(readFileSync(join(workspace, 'models/lenet/solver.prototxt'), 'utf8')).toContain('max_iter: 4\n');
});

test('an edit re-runs what depends on it, and nx affected sees it', async () => {
  environment = PLUGINS_IN_ONE_PROCESS;
  const git = (...args: string[]) =>
    succeed('git', '-c', 'user.name=e2e', '-c', 'user.email=e2e@example.org', ...args, '--quiet');
  await git('init');
  await succeed('git', 'add', '--all');
  await git('commit', '--message=base');
  const affected = () => succeed('npx', 'nx', 'show', 'projects', '--affected', '--base=HEAD', '--json');
  expect(JSON.parse(await affected())).toEqual([]);
  await succeed('npx', 'nx', 'g', '@caffe-quant/nx:override', 'lenet', '--layer=conv2', '--clipMax=3', '--clipMin=-3');
  expect(JSON.parse(await affected())).toEqual(['lenet']);
  expect(await nxRun('lenet:quantize-train:quick')).toEqual({
    ran: ['fingerprint', 'resolve', 'calibrate', 'train'],
    cached: [],
  });
});

test('the command line, by its README', async () => {
  const [script = ''] = commandsOf('packages/cli/README.md');
  expect(await succeed('bash', '-e', '-c', script)).toContain('Usage: caffe-quant explain');
});

test('a repository without a package.json, by the README: Nx and the plugin are in .nx/installation', async () => {
  workspace = join(folder, 'caffe-only');
  bringFiles();
  await succeed('git', 'init', '--quiet');
  const output = await succeed('bash', '-e', '-c', commandsOf('README.md')[1] ?? '');
  expect(output).toContain('> nx run lenet:quantize-retrain:quick');
  expect(existsSync(join(workspace, 'package.json'))).toBe(false);
  expect(await succeed('./nx', 'run', 'lenet:quantize-retrain:quick')).toMatch(
    /quantize-retrain:quick +\[local cache\]/,
  );
});

test('all of this has reached no host but the registry', () => {
  expect(proxy.requests).toEqual([]);
});
