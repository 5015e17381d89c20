import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listedFiles, readListFile } from './list-file.ts';
import { diagnosticsOf } from './testing/diagnostics-of.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const folder = temporaryFolder();
const list = () => join(folder.path, 'list.txt');
const write = (text: string) => writeFileSync(list(), text);

it.each<[string, string, [string, number, number][]]>([
  ['one line', 'a.jpg 3', [['a.jpg', 3, 1]]],
  ['several, with an end of line', 'a.jpg 3\nb.jpg 0\n', [['a.jpg', 3, 1], ['b.jpg', 0, 2]]], // prettier-ignore
  ['blanks in the path', 'my cat (1).jpg 3\n', [['my cat (1).jpg', 3, 1]]],
  ['Windows ends of lines', 'a.jpg 3\r\nb.jpg 4\r\n', [['a.jpg', 3, 1], ['b.jpg', 4, 2]]], // prettier-ignore
  ['lines without text', '\na.jpg 3\n\n', [['a.jpg', 3, 2]]],
  ['a negative label', 'a.jpg -1', [['a.jpg', -1, 1]]],
  ['a tab, as before Caffe 1.0', 'a.jpg\t3', [['a.jpg', 3, 1]]],
  ['several blanks', 'a.jpg   3  ', [['a.jpg', 3, 1]]],
  ['letters of any language', 'ж/猫.png 2', [['ж/猫.png', 2, 1]]],
])('reads a list of images: %s', (_, text, expected) => {
  write(text);
  expect(readListFile(list(), 'images').map(({ path, label, line }) => [path, label, line])).toEqual(expected);
});

it.each<[string, string, string[]]>([
  ['paths alone', 'a.jpg\nb.jpg\n', ['a.jpg', 'b.jpg']],
  ['paths with labels', 'a.jpg 3\nb.jpg 4\n', ['a.jpg', 'b.jpg']],
  ['some of each', 'a.jpg 3\nb.jpg\n', ['a.jpg', 'b.jpg']],
  ['blanks in paths', 'my cat.jpg\nmy dog.jpg 3\n', ['my cat.jpg', 'my dog.jpg']],
  ['labels that are not whole numbers', 'a.jpg 0.5\nb.jpg -1e-3\n', ['a.jpg', 'b.jpg']],
])('where nobody reads the labels, reads %s', (_, text, expected) => {
  write(text);
  expect(readListFile(list(), 'paths').map(({ path, label }) => [path, label])).toEqual(
    expected.map((path) => [path, 0]),
  );
});

it('tells the first lines without a label, and how many more there are', async () => {
  write('a.jpg\n'.repeat(5000));
  const diagnostics = await diagnosticsOf(() => readListFile(list(), 'images'));
  expect(diagnostics.map(({ line, message }) => [line, message])).toEqual([
    [1, "the line has no label: 'a.jpg'"],
    [2, "the line has no label: 'a.jpg'"],
    [3, "the line has no label: 'a.jpg', and 4,997 more"],
  ]);
});

it('reads a list of HDF5 files', () => {
  write('a.h5\n\nmy data/b 1.h5 \r\n');
  expect(readListFile(list(), 'hdf5')).toEqual([
    { path: 'a.h5', label: 0, line: 1 },
    { path: 'my data/b 1.h5', label: 0, line: 3 },
  ]);
});

it.each<[string, string, [number | undefined, RegExp][]]>([
  ['nothing', '\n', [[undefined, /names no image/]]],
  ['a line without a label', 'a.jpg 1\nb.jpg\n', [[2, /no label: 'b.jpg'/]]],
  ['labels that are not whole numbers', 'a 0.5\nb 1\nc x\n', [[1, /'0.5' is not a whole number/], [3, /'x' is no/]]], // prettier-ignore
])('refuses %s, with the lines', async (_, text, expected) => {
  write(text);
  const diagnostics = await diagnosticsOf(() => readListFile(list(), 'images'));
  expect(diagnostics.map(({ file, line }) => [file, line])).toEqual(expected.map(([line]) => [list(), line]));
  diagnostics.forEach(({ message }, i) => expect(message).toMatch(expected[i]![1]));
});

describe('listedFiles', () => {
  const entries = ['x.jpg', 'y.jpg'].map((path, i) => ({ path, label: 0, line: i + 1 }));
  const make = (...files: string[]) => {
    for (const file of files) {
      mkdirSync(join(folder.path, file, '..'), { recursive: true });
      writeFileSync(join(folder.path, file), '');
    }
  };
  const found = (rootFolder: string, ...folders: string[]) =>
    listedFiles(list(), entries, { rootFolder, folders: folders.map((name) => join(folder.path, name)) }).map((file) =>
      file.replace(`${folder.path}/`, ''),
    );

  it.each<[string, string[], string, string[], string[]]>([
    ['the first folder that has one', ['a/z', 'b/x.jpg'], '', ['a', 'b'], ['b/x.jpg', 'b/y.jpg']],
    ['by a later line too', ['b/y.jpg'], '', ['a', 'b'], ['b/x.jpg', 'b/y.jpg']],
    ['in order of preference', ['a/x.jpg', 'b/x.jpg', 'b/y.jpg'], '', ['a', 'b'], ['a/x.jpg', 'a/y.jpg']],
    ['at last the folder of the list', ['x.jpg'], '', ['a', 'b'], ['x.jpg', 'y.jpg']],
    ['none', [], '', ['a', 'b'], ['a/x.jpg', 'a/y.jpg']],
    ['root_folder, as it is', ['a/img/x.jpg'], 'img/', ['a'], ['a/img/x.jpg', 'a/img/y.jpg']],
    ['root_folder without a slash', ['a/imgx.jpg'], 'img', ['a'], ['a/imgx.jpg', 'a/imgy.jpg']],
  ])('%s', (_, files, rootFolder, folders, expected) => {
    make(...files);
    expect(found(rootFolder, ...folders)).toEqual(expected);
  });

  it('absolute paths are as they are', () => {
    expect(found('/data/', 'a')).toEqual(['/data/x.jpg', '/data/y.jpg']);
  });
});
