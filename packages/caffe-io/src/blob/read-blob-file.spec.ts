import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { diagnosticsOf } from '../data/testing/diagnostics-of.ts';
import { temporaryFolder } from '../data/testing/temporary-folder.ts';
import { descriptor } from '../generated/caffe.ts';
import { readBlobFile } from './read-blob-file.ts';

const Message = protobuf.Root.fromJSON(descriptor as protobuf.INamespace).lookupType('caffe.BlobProto');
const folder = temporaryFolder();

function write(content: Uint8Array | string): string {
  const file = join(folder.path, 'gain.binaryproto');
  writeFileSync(file, content);
  return file;
}
const encoded = (fields: object): Uint8Array => Message.encode(Message.fromObject(fields)).finish();

describe('readBlobFile', () => {
  const data = [1, 0.5, -2, 3];

  it.each([
    ['the old shape fields', { num: 1, channels: 1, height: 2, width: 2, data }, [1, 1, 2, 2]],
    ['shape', { shape: { dim: [2, 2] }, data }, [2, 2]],
    ['double values', { shape: { dim: [4] }, double_data: data }, [4]],
  ])('reads a BlobProto with %s', (_, fields, shape) => {
    const blob = readBlobFile(write(encoded(fields)));
    expect([blob.shape, ...blob.data]).toEqual([shape, ...data]);
  });

  it.each([
    ['is not a protobuf message', 'blob-file', /is not a BlobProto message/, 'gain, gain, gain'],
    [
      'has other values than its shape',
      'blob-file',
      /has 4 values, but its shape is \[3\]/,
      encoded({ shape: { dim: [3] }, data }),
    ],
    ['is empty', 'blob-file', /has 0 values/, ''],
    [
      'is a Git LFS pointer',
      'git-lfs-pointer',
      /is a Git LFS pointer/,
      `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12345\n`,
    ],
  ])('refuses a file that %s', async (_, code, message, content) => {
    expect(await diagnosticsOf(() => readBlobFile(write(content)))).toMatchObject([
      { code, message: expect.stringMatching(message) as string },
    ]);
  });

  it('names a file that is not there', async () => {
    expect(await diagnosticsOf(() => readBlobFile(join(folder.path, 'none')))).toMatchObject([
      { message: 'no such file' },
    ]);
  });
});
