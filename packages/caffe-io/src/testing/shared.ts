import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The reference material beside the checkout, which the repository does not hold. */
const SHARED = join(process.cwd(), '..', 'shared');

/** Runs the tests where the material is there, else shows them as skipped. */
export function describeShared(folder: 'models' | 'corpus', title: string, tests: () => void): void {
  const there = existsSync(join(SHARED, folder));
  (there ? describe : describe.skip)(there ? title : `${title} (skipped: no ../shared/${folder})`, () => {
    if (there) tests();
    else test('needs the material', () => undefined);
  });
}

/** Files under ../shared/models, as `folder/file`. */
export function sharedModels(matches: RegExp): string[] {
  const models = join(SHARED, 'models');
  return readdirSync(models, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readdirSync(join(models, name)).map((file) => `${name}/${file}`))
    .filter((file) => matches.test(file))
    .sort();
}

export function sharedModelPath(file: string): string {
  return join(SHARED, 'models', file);
}

/** One file of ../shared/corpus as its manifest describes it. */
export interface CorpusText {
  file: string;
  text: string;
  /** `NetParameter`, `SolverParameter`, or `UNPARSED`. */
  kind: string;
  /** The caffe.proto that reads it; empty where none does. */
  proto: string;
  /** `V0`, `V1` or `V2`. */
  legacy: string;
}

/** Real prototxts of 118 repositories. */
export function readCorpusTexts(): CorpusText[] {
  const folder = mkdtempSync(join(tmpdir(), 'prototxt-corpus-'));
  try {
    execFileSync('tar', ['-xJf', join(SHARED, 'corpus', 'prototxt-corpus.tar.xz'), '-C', folder]);
    const [, ...rows] = readFileSync(join(SHARED, 'corpus', 'manifest.tsv'), 'utf8')
      .trimEnd()
      .split('\n');
    return rows.map((row) => {
      const [file = '', , , , , , , kind = '', proto = '', legacy = ''] = row.split('\t');
      const text = readFileSync(join(folder, 'prototxt-corpus', file), 'utf8');
      return { file, text, kind, proto, legacy };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
