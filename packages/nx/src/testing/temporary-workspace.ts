import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A fresh folder for each test of a file, with files as the test writes them. */
export function temporaryWorkspace(): { readonly path: string; write(files: Record<string, unknown>): string[] } {
  const workspace = {
    path: '',
    /** @returns the names; a value that is not text is written as JSON */
    write(files: Record<string, unknown>): string[] {
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(dirname(join(workspace.path, name)), { recursive: true });
        writeFileSync(join(workspace.path, name), typeof content === 'string' ? content : JSON.stringify(content));
      }
      return Object.keys(files);
    },
  };
  beforeEach(() => {
    workspace.path = realpathSync(mkdtempSync(join(tmpdir(), 'caffe-quant-nx-')));
  });
  afterEach(() => rmSync(workspace.path, { recursive: true, force: true }));
  return workspace;
}
