import { execFile, execFileSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stagesOf } from './stages-of.ts';

export const REPOSITORY = process.cwd();
const OWN_PACKAGES = ['@caffe-quant', 'caffe-prototxt-parser', 'caffe-quant'];

/** What one Nx command did. */
export interface NxRun {
  readonly status: number;
  readonly output: string;
  /** Stages of the model that ran, in the order of `ALL_STAGES`. */
  readonly ran: readonly string[];
  /** Stages whose results came from Nx's cache. */
  readonly cached: readonly string[];
}

/**
 * A user's workspace to change at will: the models of this repository, and the packages as installed, each entry of theirs
 * in one file, which Nx loads much sooner than the sources. TemporaryRepository has the sources.
 */
export class TemporaryWorkspace {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'caffe-quant-e2e-')));
  /** Set for Nx, besides this process's own. */
  readonly environment: Record<string, string> = {};

  constructor() {
    this.restore();
    this.installPackages();
    this.#linkInstalled();
  }

  /** Brings everything but the packages back to what it was, without results. */
  restore(): void {
    for (const name of ['dist', '.caffe-quant']) this.remove(name);
    this.restoreFiles();
  }

  /** Brings one file or folder of the repository back. */
  restoreFolder(name: string): void {
    this.remove(name);
    cpSync(join(REPOSITORY, name), join(this.path, name), { recursive: true });
  }

  protected restoreFiles(): void {
    for (const name of ['models', 'workspace.json', '.gitignore']) this.restoreFolder(name);
    this.write('package.json', JSON.stringify({ name: 'workspace', private: true }));
    const { plugins: _, ...rest } = JSON.parse(readFileSync(join(REPOSITORY, 'nx.json'), 'utf8')) as {
      plugins: unknown;
    };
    this.write('nx.json', JSON.stringify({ ...rest, plugins: ['@caffe-quant/nx/plugin'] }, null, 2));
  }

  /** Manifests of all packages, which tell their versions, and what Nx loads. */
  protected installPackages(): void {
    for (const folder of readdirSync(join(REPOSITORY, 'packages'))) {
      const from = join(REPOSITORY, 'packages', folder);
      const { name } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as { name: string };
      cpSync(join(from, 'package.json'), join(this.path, 'node_modules', name, 'package.json'));
    }
    const plugin = join(this.path, 'node_modules/@caffe-quant/nx');
    const from = join(REPOSITORY, 'packages/nx');
    cpSync(join(from, 'executors.json'), join(plugin, 'executors.json'));
    const filter = (file: string) => !file.endsWith('.ts');
    cpSync(join(from, 'src/executors'), join(plugin, 'src/executors'), { recursive: true, filter });
    execFileSync(process.execPath, ['tools/bundle-executors.mjs', '--all', '--outdir', join(plugin, 'dist')]);
  }

  /**
   * Runs Nx here, without daemon, in one process but for the tasks, and with nothing of the environment that Nx or
   * onnxruntime would take for its own.
   */
  nx(...args: string[]): Promise<NxRun> {
    return this.#run(args, () => undefined);
  }

  /** Runs Nx and tells it to stop when its output says something. */
  interruptedNx(says: string, ...args: string[]): Promise<NxRun> {
    let isTold = false;
    return this.#run(args, (child) => {
      child.stdout?.on('data', (text: string) => {
        if (isTold || !text.includes(says)) return;
        isTold = true;
        child.kill('SIGTERM');
      });
    });
  }

  #run(args: readonly string[], watch: (child: ChildProcess) => void): Promise<NxRun> {
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(NX_|CI$|GITHUB_ACTIONS$|ORT_|FORCE_COLOR)/.test(name)),
    );
    const options = {
      cwd: this.path,
      env: {
        ...env,
        // Nx starts six processes for plugins otherwise, at each command.
        NX_ISOLATE_PLUGINS: 'false',
        // Where they are in a folder that is no clone. Nx asks git three times in each of its processes otherwise.
        NX_CACHE_DIRECTORY: join(this.path, '.nx/cache'),
        NX_WORKSPACE_DATA_DIRECTORY: join(this.path, '.nx/workspace-data'),
        CAFFE_QUANT_CACHE_DIR: join(this.path, '.caffe-quant/memo'),
        ...this.environment,
        NX_DAEMON: 'false',
        NO_COLOR: '1',
      },
      maxBuffer: 1e8,
    };
    return new Promise((resolve) => {
      const command = [join(this.path, 'node_modules/nx/dist/bin/nx.js'), ...args];
      const child = execFile(process.execPath, command, options, (error, stdout, stderr) => {
        const output = stdout + stderr;
        const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ status, output, ...stagesOf(output) });
      });
      watch(child);
    });
  }

  read(file: string): string {
    return readFileSync(join(this.path, file), 'utf8');
  }

  write(file: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(this.path, file)), { recursive: true });
    writeFileSync(join(this.path, file), content);
  }

  /** Changes a file's text; fails where there is nothing to change. */
  edit(file: string, from: string | RegExp, to: string): void {
    const text = this.read(file);
    const edited = text.replace(from, to);
    if (edited === text) throw new Error(`${file} has no ${String(from)}`);
    this.write(file, edited);
  }

  /** Copies a file within the repository. */
  copy(from: string, to: string): void {
    this.write(to, readFileSync(join(this.path, from)));
  }

  /** The files below a folder with their contents, as one value to compare; who works there, or did last, is none of it. */
  contents(folder: string): Record<string, string> {
    const entries = readdirSync(join(this.path, folder), { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.lock'))
      .map((entry) => join(entry.parentPath, entry.name));
    return Object.fromEntries(files.sort().map((file) => [file.slice(this.path.length), readFileSync(file, 'base64')]));
  }

  remove(file = ''): void {
    rmSync(join(this.path, file), { recursive: true, force: true });
  }

  /** Links every installed package but ours. */
  #linkInstalled(): void {
    const modules = join(this.path, 'node_modules');
    mkdirSync(modules, { recursive: true });
    for (const name of readdirSync(join(REPOSITORY, 'node_modules'))) {
      if (OWN_PACKAGES.includes(name) || name === '.cache') continue;
      symlinkSync(join(REPOSITORY, 'node_modules', name), join(modules, name));
    }
  }
}
