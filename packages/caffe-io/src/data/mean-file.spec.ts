import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { descriptor } from '../generated/caffe.ts';
import { readMeanFile } from './mean-file.ts';
import { diagnosticsOf } from './testing/diagnostics-of.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const Message = protobuf.Root.fromJSON(descriptor as protobuf.INamespace).lookupType('caffe.BlobProto');
const folder = temporaryFolder();

function write(fields: object): string {
  const file = join(folder.path, 'mean.binaryproto');
  writeFileSync(file, Message.encode(Message.fromObject(fields)).finish());
  return file;
}

const data = [1.5, -2.25, 3, 4, 5, 0.1].map(Math.fround);

describe('readMeanFile', () => {
  it.each([
    ['the old shape fields', { num: 1, channels: 3, height: 1, width: 2, data }],
    ['shape', { shape: { dim: [1, 3, 1, 2] }, data }],
    ['the old shape fields before shape', { num: 1, channels: 3, height: 1, width: 2, shape: { dim: [6] }, data }],
    ['double values', { shape: { dim: [1, 3, 1, 2] }, double_data: data }],
  ])('reads a BlobProto with %s', (_, fields) => {
    const mean = readMeanFile(write(fields));
    expect([mean.channels, mean.height, mean.width, ...mean.data]).toEqual([3, 1, 2, ...data]);
  });

  it('refuses a value that is not finite, and says where it is', async () => {
    const broken = [...data];
    broken[3] = -Infinity;
    const file = write({ num: 1, channels: 3, height: 1, width: 2, data: broken });
    expect(await diagnosticsOf(() => readMeanFile(file))).toEqual([
      expect.objectContaining({
        code: 'not-finite',
        file,
        message: 'of the mean image element [1, 0, 1] is -Infinity',
      }),
    ]);
  });

  it('reads values that are not packed', () => {
    const writer = protobuf.Writer.create()
      .uint32(0x10)
      .int32(6)
      .uint32(0x08)
      .int32(1)
      .uint32(0x18)
      .int32(1)
      .uint32(0x20)
      .int32(1);
    data.forEach((value) => writer.uint32(0x2d).float(value));
    const file = join(folder.path, 'mean.binaryproto');
    writeFileSync(file, writer.finish());
    expect([...readMeanFile(file).data]).toEqual(data);
  });

  it.each([
    ['too few values', { channels: 3, height: 2, width: 2, num: 1, data }, 'mean-file', /6 values.*\[1, 3, 2, 2\]/],
    ['no shape', { data }, 'mean-file', /6 values.*\[1, 1, 1, 1\]/],
    ['an impossible shape', { shape: { dim: [1, -3, -1, 2] }, data }, 'mean-file', /\[1, -3, -1, 2\]/],
  ])('refuses %s', async (_, fields, code, message) => {
    const file = write(fields);
    const [diagnostic] = await diagnosticsOf(() => readMeanFile(file));
    expect(diagnostic).toMatchObject({ code, file, message: expect.stringMatching(message) });
  });

  it.each([
    ['a missing file', undefined, 'data-unreadable', /no such file/],
    ['another file', 'hello, world', 'mean-file', /^is not a BlobProto message \(byte \d+: .*\)$/],
    ['a file that is cut off', '*\x08ab', 'mean-file', /\(byte 0: field 5 announces 8 bytes, 2 are there\)$/],
    [
      'a Git LFS pointer',
      `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 1\n`,
      'git-lfs-pointer',
      /LFS/,
    ],
  ])('refuses %s', async (_, text, code, message) => {
    const file = join(folder.path, 'mean.binaryproto');
    if (text !== undefined) writeFileSync(file, text);
    const [diagnostic] = await diagnosticsOf(() => readMeanFile(file));
    expect(diagnostic).toMatchObject({ code, file, message: expect.stringMatching(message) });
  });

  const real = join(__dirname, '../../../../../shared/data/mean');
  const cases: [name: string, shape: number[]][] = [
    ['cifar10_mean', [3, 32, 32]],
    ['imagenet_mean', [3, 256, 256]],
    ['caffeFER_mean', [1, 48, 48]],
    ['guojaw_mean', [3, 39, 39]],
  ];
  (existsSync(real) ? it.each(cases) : it.skip.each(cases))(
    "Caffe's own %s, as protobufjs decodes it (needs the files)",
    (name, shape) => {
      const file = join(real, `${name}.binaryproto`);
      const mean = readMeanFile(file);
      const { data: values } = Message.toObject(Message.decode(readFileSync(file))) as { data: number[] };
      expect([mean.channels, mean.height, mean.width]).toEqual(shape);
      expect(mean.data).toEqual(new Float32Array(values));
    },
  );
});
