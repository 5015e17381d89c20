import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { REPOSITORY, TemporaryWorkspace } from './temporary-workspace.ts';

const COPIED = ['models', 'nx.json', 'workspace.json', 'package.json', 'tsconfig.base.json', '.gitignore'];

/** A copy of this repository to change at will: sources and models copied, installed packages linked. */
export class TemporaryRepository extends TemporaryWorkspace {
  protected override restoreFiles(): void {
    for (const name of COPIED) this.restoreFolder(name);
  }

  protected override installPackages(): void {
    for (const folder of readdirSync(join(REPOSITORY, 'packages'))) {
      copyPackage(join('packages', folder), this.path);
      const { name } = JSON.parse(this.read(join('packages', folder, 'package.json'))) as { name: string };
      const link = join(this.path, 'node_modules', name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(this.path, 'packages', folder), link);
    }
  }
}

function copyPackage(folder: string, repository: string): void {
  for (const name of ['src', 'package.json', 'executors.json', 'generators.json', 'migrations.json']) {
    const from = join(REPOSITORY, folder, name);
    if (!existsSync(from)) continue;
    const filter = (file: string) => !file.endsWith('.spec.ts') && basename(file) !== 'fixtures';
    cpSync(from, join(repository, folder, name), { recursive: true, filter });
  }
}
