import { run } from './testing/run.ts';

test('help names the commands', async () => {
  const { status, out } = await run('--help');
  expect(status).toBe(0);
  for (const command of ['explain', 'export', 'corpus', 'goldens']) expect(out).toContain(`  ${command} `);
});

test.each(['explain', 'export', 'corpus', 'goldens'])('%s has a help of its own', async (command) => {
  const { status, out, error } = await run(command, '--help');
  expect({ status, error }).toEqual({ status: 0, error: '' });
  expect(out).toContain(`Usage: caffe-quant ${command}`);
});

test.each([
  [[], 'Usage: caffe-quant <command>'],
  [['explan'], "there is no command 'explan'; did you mean 'explain'?"],
  [['explain'], 'caffe-quant explain: --prototxt <file> is missing\nSee caffe-quant explain --help.'],
  [['explain', '--prototxt', 'a'], '--config <file> is missing'],
  [['explain', '--prototxt', 'a', '--config', 'b', '--compat', 'both'], "--compat is documented or amct, not 'both'"],
  [['explain', '--colour'], "Unknown option '--colour'"],
  [['export', '/no/such/folder'], '/no/such/folder is no folder'],
  [['export', 'a', 'b'], 'give one folder'],
  [['export', '--max-iter', 'many'], "--max-iter is an integer, at least 1, not 'many'"],
  [['export', '--maxIter', '0'], "--maxIter is an integer, at least 1, not '0'"],
  [['export', '--base-lr', ''], "--base-lr is a number, at least 0, not ''"],
  [['export', '--compat', 'both'], "--compat is documented or amct, not 'both'"],
  [['export', '--out-dir', 'x'], "Unknown option '--out-dir'"],
  [['corpus'], 'give one folder'],
  [['corpus', 'a', 'b'], 'give one folder'],
  [['corpus', '/no/such/folder'], '/no/such/folder is no folder'],
  [['goldens', '/no/such/folder'], '/no/such/folder is no folder'],
])('%j is an error in one or two lines', async (args, message) => {
  const { status, out, error } = await run(...args);
  expect(status).toBe(1);
  expect(out + error).toContain(message);
  expect(error).not.toMatch(/\n\s+at /);
});
