import type { Diagnostic } from 'caffe-prototxt-parser';
import { GIT_LFS_POINTER_LIMIT, readGitLfsPointer } from '../data/git-lfs-pointer.ts';
import type { ByteSource } from '../wire/byte-source.ts';

interface Signature {
  /** What the file is, after "this is". */
  what: string;
  hint: string;
  /** Whether the first bytes are such a file's; as bytes and as Latin-1 text. */
  matches(head: Uint8Array, text: string): boolean;
}

const HEAD = 512;

const SIGNATURES: readonly Signature[] = [
  {
    what: 'an HDF5 file',
    hint: 'read it as weights of snapshot_format: HDF5, or save it with snapshot_format: BINARYPROTO',
    matches: (_, text) => text.startsWith('\x89HDF\r\n\x1a\n'),
  },
  {
    what: 'a web page',
    hint: 'the download gave a page instead of the file: log in or use the direct link',
    matches: (_, text) => /^\s*<(!doctype|html|head|\?xml)/i.test(text),
  },
  { what: 'a gzip archive', hint: 'unpack it first', matches: (_, text) => text.startsWith('\x1f\x8b') },
  { what: 'a zip archive', hint: 'unpack it first', matches: (_, text) => text.startsWith('PK\x03\x04') },
  {
    what: 'text, perhaps a prototxt',
    hint: 'give the binary .caffemodel here and the prototxt as the net',
    matches: (head, text) => head.every(isPrintable) && /^\s*(#|[A-Za-z_]+\s*[:{])/.test(text),
  },
];

/** A file that is known to be something else than protobuf, as a diagnostic without its name. */
export function foreignFile(source: ByteSource): Diagnostic | undefined {
  if (source.length === 0) {
    return foreign('the file is empty', 'copy or download it again');
  }
  const pointer =
    source.length <= GIT_LFS_POINTER_LIMIT ? readGitLfsPointer(source.peek(0, GIT_LFS_POINTER_LIMIT)) : undefined;
  if (pointer !== undefined) {
    const message = `this is a Git LFS pointer to a file of ${pointer.size} bytes, not the file itself`;
    return { code: 'git-lfs-pointer', severity: 'error', message, hint: 'run `git lfs pull`' };
  }
  const head = source.peek(0, HEAD);
  const text = Buffer.from(head).toString('latin1');
  const signature = SIGNATURES.find(({ matches }) => matches(head, text));
  return signature && foreign(`this is ${signature.what}, not a caffemodel`, signature.hint);
}

export function foreign(message: string, hint: string): Diagnostic {
  return { code: 'not-a-caffemodel', severity: 'error', message, hint };
}

function isPrintable(byte: number): boolean {
  return byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}
