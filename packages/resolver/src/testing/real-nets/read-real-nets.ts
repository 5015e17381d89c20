import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The reference material beside the checkout, which the repository does not hold. */
const SHARED = join(process.cwd(), '..', 'shared');

export const hasRealNets =
  existsSync(join(SHARED, 'corpus', 'prototxt-corpus.tar.xz')) && existsSync(join(SHARED, 'models'));

/** Texts of real prototxts by name: `models/...` or `corpus/...`. */
export function readRealNets(files: Iterable<string>): Map<string, string> {
  const names = [...files];
  const folder = mkdtempSync(join(tmpdir(), 'real-nets-'));
  try {
    const packed = names
      .filter((name) => name.startsWith('corpus/'))
      .map((name) => name.replace('corpus/', 'prototxt-corpus/'));
    execFileSync('tar', ['-xJf', join(SHARED, 'corpus', 'prototxt-corpus.tar.xz'), '-C', folder, ...packed]);
    return new Map(
      names.map((name) => {
        const path = name.startsWith('corpus/')
          ? join(folder, name.replace('corpus/', 'prototxt-corpus/'))
          : join(SHARED, name);
        return [name, readFileSync(path, 'utf8')];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
