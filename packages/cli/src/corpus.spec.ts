import { join } from 'node:path';
import { writeCaffemodel, writeHdf5Model } from '@caffe-quant/caffe-io';
import { run } from './testing/run.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const folder = temporaryFolder();
const MODEL = {
  layers: [{ name: 'ip', type: 'InnerProduct', blobs: [{ shape: [2], data: Float32Array.of(1, 2) }] }],
};

test('nets, solvers and weights of a folder, and what is wrong with the others', async () => {
  folder.write(
    'all/net.prototxt',
    '\ufeffname: "n" # a comment\r\nlayer { name: "a" type: "ReLU" bottom: "a" top: "a" }\r\n',
  );
  folder.write('all/old.prototxt', 'layers { layer { name: "a" type: "relu" } bottom: "a" top: "a" }');
  folder.write('all/deep/er/solver.prototxt', 'net: "net.prototxt" base_lr: 0.1 lr_policy: "fixed"');
  folder.write('all/typo.prototxt', 'layer {\n  nam: "a"\n  typ: "ReLU"\n}\n');
  folder.write('all/latin1.prototxt', Uint8Array.of(0x23, 0xe9, 0x0a));
  folder.write('all/weights.caffemodel', writeCaffemodel(MODEL));
  folder.write('all/page.caffemodel', '<!DOCTYPE html>');
  folder.write('all/state.solverstate.h5', 'not looked at');
  folder.write('all/readme.txt', 'not looked at');
  await writeHdf5Model(join(folder.path, 'all/weights.caffemodel.h5'), MODEL);
  const { status, out, error } = await run('corpus', join(folder.path, 'all'));
  expect({ status, error }).toEqual({ status: 1, error: '' });
  expect(out).toBe(
    [
      'failed: page.caffemodel: error: this is a web page, not a caffemodel',
      '  hint: the download gave a page instead of the file: log in or use the direct link',
      'failed: typo.prototxt:2:3: error: unknown field `nam` in LayerParameter',
      '      nam: "a"',
      '      ^',
      '  hint: did you mean `name`?',
      '  and 1 more',
      '6 passed, 2 failed, 1 skipped',
    ].join('\n'),
  );
});

test('a folder in which all is well', async () => {
  folder.write('well/net.prototxt', 'name: "n"');
  expect(await run('corpus', join(folder.path, 'well'))).toEqual({
    status: 0,
    out: '1 passed, 0 failed, 0 skipped',
    error: '',
  });
});
