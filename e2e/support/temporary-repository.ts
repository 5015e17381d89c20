import { execFile } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import {
  cpSync,
  existsSync,
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
import { basename, dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const REPOSITORY = process.cwd();
const COPIED = ['models', 'nx.json', 'workspace.json', 'package.json', 'tsconfig.base.json', '.gitignore'];
const OWN_PACKAGES = ['@caffe-quant', 'caffe-prototxt-parser', 'caffe-quant'];

/** What one Nx command did. */
export interface NxRun {
  readonly status: number;
  readonly output: string;
  /** Stages of the model that ran, in order. */
  readonly ran: readonly string[];
  /** Stages whose results came from Nx's cache. */
  readonly cached: readonly string[];
}

/** A copy of this repository to change at will: sources and models copied, installed packages linked. */
export class TemporaryRepository {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'caffe-quant-e2e-')));
  /** Set for Nx, besides this process's own. */
  readonly environment: Record<string, string> = {};

  constructor() {
    this.restore();
    for (const name of readdirSync(join(REPOSITORY, 'packages'))) this.#copyPackage(join('packages', name));
    this.#linkInstalled();
  }

  /** Brings everything but the packages back to what it was, without results. */
  restore(): void {
    for (const name of [...COPIED, 'dist', '.caffe-quant']) this.remove(name);
    for (const name of COPIED) this.restoreFolder(name);
  }

  /** Brings one file or folder back. */
  restoreFolder(name: string): void {
    cpSync(join(REPOSITORY, name), join(this.path, name), { recursive: true });
  }

  /** Runs Nx here, without daemon and with nothing of the environment that Nx or onnxruntime would take for its own. */
  nx(...args: string[]): Promise<NxRun> {
    return this.#run(args, () => undefined);
  }

  /** Runs Nx and tells it to stop when its output says something. `seconds`: how long that took then. */
  async interruptedNx(says: string, ...args: string[]): Promise<NxRun & { readonly seconds: number }> {
    let toldAt = Number.NaN;
    const run = await this.#run(args, (child) => {
      child.stdout?.on('data', (text: string) => {
        if (!Number.isNaN(toldAt) || !text.includes(says)) return;
        toldAt = performance.now();
        child.kill('SIGTERM');
      });
    });
    return { ...run, seconds: (performance.now() - toldAt) / 1000 };
  }

  #run(args: readonly string[], watch: (child: ChildProcess) => void): Promise<NxRun> {
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(NX_|CI$|GITHUB_ACTIONS$|ORT_|FORCE_COLOR)/.test(name)),
    );
    const options = {
      cwd: this.path,
      env: {
        ...env,
        ...this.environment,
        NX_DAEMON: 'false',
        NO_COLOR: '1',
        CAFFE_QUANT_CACHE_DIR: join(this.path, '.caffe-quant/memo'),
      },
      maxBuffer: 1e8,
    };
    return new Promise((resolve) => {
      const command = [join(this.path, 'node_modules/nx/dist/bin/nx.js'), ...args];
      const child = execFile(process.execPath, command, options, (error, stdout, stderr) => {
        const output = stdout + stderr;
        const tasks = [
          ...stripVTControlCharacters(output).matchAll(/^> nx run \S+?:quantize-(\w+).*?(\[.*cache\])?$/gm),
        ];
        const stages = (isCached: boolean) =>
          tasks.filter(([, , cache]) => (cache !== undefined) === isCached).map(([, stage = '']) => stage);
        const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ status, output, ran: stages(false), cached: stages(true) });
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

  /** The files below a folder with their contents, as one value to compare. */
  contents(folder: string): Record<string, string> {
    const entries = readdirSync(join(this.path, folder), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return Object.fromEntries(files.sort().map((file) => [file.slice(this.path.length), readFileSync(file, 'base64')]));
  }

  remove(file = ''): void {
    rmSync(join(this.path, file), { recursive: true, force: true });
  }

  #copyPackage(folder: string): void {
    for (const name of ['src', 'package.json', 'executors.json', 'generators.json', 'migrations.json']) {
      const from = join(REPOSITORY, folder, name);
      if (!existsSync(from)) continue;
      const filter = (file: string) => !file.endsWith('.spec.ts') && basename(file) !== 'fixtures';
      cpSync(from, join(this.path, folder, name), { recursive: true, filter });
    }
  }

  /** Links every installed package but ours, which are to be those of the copy. */
  #linkInstalled(): void {
    const modules = join(this.path, 'node_modules');
    mkdirSync(join(modules, '@caffe-quant'), { recursive: true });
    for (const name of readdirSync(join(REPOSITORY, 'node_modules'))) {
      if (OWN_PACKAGES.includes(name) || name === '.cache') continue;
      symlinkSync(join(REPOSITORY, 'node_modules', name), join(modules, name));
    }
    for (const folder of readdirSync(join(this.path, 'packages'))) {
      const { name } = JSON.parse(this.read(join('packages', folder, 'package.json'))) as { name: string };
      symlinkSync(join(this.path, 'packages', folder), join(modules, name));
    }
  }
}
