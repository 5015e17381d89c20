/** A workspace in a folder for temporary files with the packages as a user gets them, for benchmarks through real Nx. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packAll, startRegistry } from '../../e2e/support/package-registry.ts';

export interface InstalledWorkspace {
  readonly path: string;
  write(file: string, content: string | Uint8Array): void;
  /** Runs Nx here. @returns what it prints; throws where it fails */
  nx(daemon: boolean, ...args: string[]): string;
  /** Another workspace beside this one, with the same environment; to be removed first. */
  at(path: string): InstalledWorkspace;
  remove(): void;
}

/** Builds and packs the packages and installs them, with Nx, from a registry on loopback. */
export async function installedWorkspace(): Promise<InstalledWorkspace> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'caffe-quant-benchmark-')));
  const path = join(folder, 'workspace');
  mkdirSync(path);
  execFileSync('npm', ['run', 'build'], { stdio: 'ignore' });
  const tarballs = join(folder, 'tarballs');
  const registry = await startRegistry(tarballs, await packAll(tarballs));
  const inherited = Object.entries(process.env).filter(([name]) => !/^(NX_|CI$|FORCE_COLOR|npm_)/i.test(name));
  const env = {
    ...Object.fromEntries(inherited),
    CAFFE_QUANT_CACHE_DIR: join(folder, 'memo'),
    npm_config_registry: registry.url,
    npm_config_cache: join(folder, 'npm-cache'),
  };
  const at = (place: string): InstalledWorkspace => ({
    path: place,
    at,
    write(file, content) {
      mkdirSync(dirname(join(place, file)), { recursive: true });
      writeFileSync(join(place, file), content);
    },
    nx(daemon, ...args) {
      const command = [join(place, 'node_modules/nx/dist/bin/nx.js'), ...args];
      const options = { cwd: place, env: { ...env, NX_DAEMON: String(daemon), NX_USE_LOCAL: 'true' }, maxBuffer: 1e8 };
      const { status, stdout, stderr } = spawnSync(process.execPath, command, { ...options, encoding: 'utf8' });
      if (status !== 0) throw new Error(`nx ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
      return stdout;
    },
    remove() {
      const nx = join(place, 'node_modules/nx/dist/bin/nx.js');
      spawnSync(process.execPath, [nx, 'daemon', '--stop'], { cwd: place, env });
      rmSync(place === path ? folder : place, { recursive: true, force: true });
    },
  });
  const workspace = at(path);
  workspace.write('package.json', '{ "name": "benchmark", "private": true }');
  workspace.write('.gitignore', 'node_modules/\n.nx/\ndist/\n.caffe-quant/\n');
  await install(path, env);
  await registry.close();
  rmSync(join(folder, 'npm-cache'), { recursive: true, force: true });
  return workspace;
}

/** Beside the registry, which is in this process. */
async function install(cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { execFile } = await import('node:child_process');
  await new Promise<void>((resolve, reject) => {
    execFile('npm', ['install', '--save-dev', 'nx', '@caffe-quant/nx'], { cwd, env }, (error) =>
      error ? reject(error) : resolve(),
    );
  });
}

/** Milliseconds of two things in turn, `runs` times each, after one unmeasured turn. */
export function alternate(runs: number, first: () => void, second: () => void): { first: number[]; second: number[] } {
  const time = (work: () => void): number => {
    const start = performance.now();
    work();
    return performance.now() - start;
  };
  first();
  second();
  const pairs = Array.from({ length: runs }, () => [time(first), time(second)] as const);
  return { first: pairs.map(([a]) => a), second: pairs.map(([, b]) => b) };
}
