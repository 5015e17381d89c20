import { execFile } from 'node:child_process';
import {
  cpSync,
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
import { packAll, startRegistry } from './support/package-registry.ts';

/** The packages as a user gets them: built, packed, installed into a fresh workspace from a registry on loopback. */
jest.setTimeout(300_000);

const ALL = ['fingerprint', 'resolve', 'calibrate', 'train', 'export', 'evaluate', 'report', 'retrain'];

let folder: string;
let workspace: string;
let packages: PackedPackage[];
let registry: PackageRegistry;

interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(command: string, ...args: string[]): Promise<Run> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(NX_|CI$|FORCE_COLOR|npm_)/i.test(name));
  const env = {
    ...Object.fromEntries(inherited),
    NX_DAEMON: 'false',
    NO_COLOR: '1',
    ONNXRUNTIME_NODE_INSTALL: 'skip',
    CAFFE_QUANT_CACHE_DIR: join(folder, 'memo'),
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
async function nxRun(task: string): Promise<{ ran: string[]; cached: string[] }> {
  const output = await succeed('npx', 'nx', 'run', task);
  const tasks = [...output.matchAll(/^> nx run \S+?:quantize-(\w+).*?(\[.*cache\])?$/gm)];
  const stages = (isCached: boolean) =>
    tasks.filter(([, , cache]) => (cache !== undefined) === isCached).map(([, stage = '']) => stage);
  return { ran: stages(false), cached: stages(true) };
}

function edit(file: string, from: string, to: string): void {
  const text = readFileSync(join(workspace, file), 'utf8');
  expect(text).toContain(from);
  writeFileSync(join(workspace, file), text.replace(from, to));
}

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'caffe-quant-packed-')));
  workspace = process.cwd();
  await succeed('npm', 'run', 'build');
  packages = await packAll(folder);
  registry = await startRegistry(folder, packages);
  workspace = join(folder, 'workspace');
  mkdirSync(workspace);
});
afterAll(async () => {
  await registry?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('every package holds what it is to hold, and no tests', () => {
  expect(packages).toHaveLength(readdirSync('packages').length);
  for (const { name, files } of packages) {
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

test('a fresh workspace: install, add a model, train it, and have it from the cache', async () => {
  writeFileSync(join(workspace, 'package.json'), '{ "name": "fresh", "version": "1.0.0", "private": true }\n');
  writeFileSync(join(workspace, '.gitignore'), 'node_modules/\n.nx/\n');
  await succeed('npm', 'install', '--save-dev', 'nx', '@caffe-quant/nx');
  writeFileSync(join(workspace, 'nx.json'), '{ "analytics": false, "neverConnectToCloud": true }\n');
  await succeed('npx', 'nx', 'g', '@caffe-quant/nx:init');
  cpSync('models/data/fashion-mnist', join(workspace, 'data'), { recursive: true });
  const model = join(process.cwd(), 'models/model');
  await succeed(
    ...(['npx', 'nx', 'g', '@caffe-quant/nx:model', 'lenet'] as const),
    `--prototxt=${model}/train_val.prototxt`,
    `--caffemodel=${model}/lenet.caffemodel`,
    `--solver=${model}/float/solver.prototxt`,
    ...['--data=data/train_lmdb', '--testData=data/test_lmdb'],
  );
  await succeed('npx', 'nx', 'g', '@caffe-quant/nx:data-lock', 'lenet');
  edit('models/lenet/project.json', '"maxIter": 20', '"maxIter": 4');
  expect(await nxRun('lenet:quantize-retrain:quick')).toEqual({ ran: ALL, cached: [] });
  expect(await nxRun('lenet:quantize-retrain:quick')).toEqual({ ran: ['fingerprint'], cached: ALL.slice(1) });
});

test('an edit re-runs what depends on it, and nx affected sees it', async () => {
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

test('a repository without a package.json, where Nx and the plugin are in .nx/installation', async () => {
  workspace = join(folder, 'caffe-only');
  mkdirSync(workspace);
  await succeed('git', 'init', '--quiet');
  await succeed('npx', '--yes', 'nx', 'init', '--useDotNxInstallation', '--interactive=false', '--nxCloud=skip');
  const nxJson = JSON.parse(readFileSync(join(workspace, 'nx.json'), 'utf8')) as { installation: object };
  const installation = { ...nxJson.installation, plugins: { '@caffe-quant/nx': packages[0]?.version } };
  const settings = { ...nxJson, installation, analytics: false, neverConnectToCloud: true };
  writeFileSync(join(workspace, 'nx.json'), JSON.stringify(settings, null, 2));
  cpSync('models/data/fashion-mnist', join(workspace, 'data'), { recursive: true });
  const model = join(process.cwd(), 'models/model');
  await succeed(
    ...([
      './nx',
      'g',
      '@caffe-quant/nx:model',
      'lenet',
      '--data=data/train_lmdb',
      '--testData=data/test_lmdb',
    ] as const),
    ...[`--prototxt=${model}/train_val.prototxt`, `--caffemodel=${model}/lenet.caffemodel`],
  );
  const output = await succeed('./nx', 'run', 'lenet:quantize-calibrate');
  expect(output).toContain('> nx run lenet:quantize-calibrate');
  expect(await succeed('./nx', 'run', 'lenet:quantize-calibrate')).toMatch(/quantize-calibrate +\[local cache\]/);
});
