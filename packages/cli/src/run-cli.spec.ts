import { readFileSync } from 'node:fs';
import { run } from './testing/run.ts';

test('help names the commands', async () => {
  const { status, out } = await run('--help');
  expect(status).toBe(0);
  for (const command of ['explain', 'export', 'corpus', 'goldens']) expect(out).toContain(`  ${command} `);
});

test('the version, with those that the numbers depend on', async () => {
  const { version } = JSON.parse(readFileSync('packages/cli/package.json', 'utf8')) as { version: string };
  const { status, out, error } = await run('--version');
  expect({ status, error }).toEqual({ status: 0, error: '' });
  const [first, second] = out.split('\n');
  expect(first).toBe(`caffe-quant ${version}`);
  expect(second).toMatch(/^numerics \d+, onnxruntime 1\.\d+\.\d+, sharp 0\.\d+\.\d+, Node 2/);
});

test.each(['explain', 'export', 'corpus', 'goldens'])('%s has a help of its own', async (command) => {
  const { status, out, error } = await run(command, '--help');
  expect({ status, error }).toEqual({ status: 0, error: '' });
  expect(out).toContain(`Usage: caffe-quant ${command}`);
});

test.each([
  [[], ['Usage: caffe-quant <command>']],
  [['explan'], ["unknown command 'explan'", 'Did you mean explain?']],
  [
    ['explain'],
    ['the option --prototxt is missing', 'the option --config is missing', 'See caffe-quant explain --help.'],
  ],
  [['explain', '--prototxt', 'a'], ['the option --config is missing']],
  [
    ['explain', '--prototxt', 'a', '--config', 'b', '--compat', 'both'],
    ["the option --compat takes documented or amct, not 'both'"],
  ],
  [['explain', '--colour'], ['there is no option --colour']],
  [['explain', 'conv1'], ["explain takes options alone, not 'conv1'"]],
  [['export', '/no/such/folder'], ["there is no folder '/no/such/folder'"]],
  [['export', '.', 'b'], ["export takes one folder, not 'b' too"]],
  [['export', '--max-iter', 'many'], ["the option --max-iter takes an integer of at least 1, not 'many'"]],
  [['export', '--maxIter', '0'], ["the option --max-iter takes an integer of at least 1, not '0'"]],
  [['export', '--maxIter=0'], ["the option --max-iter takes an integer of at least 1, not '0'"]],
  [['export', '--base-lr', ''], ["the option --base-lr takes a number of at least 0, not ''"]],
  [['export', '--compat', 'both'], ["the option --compat takes documented or amct, not 'both'"]],
  [['export', '--select', 'bset'], ["did you mean 'best'?"]],
  [['export', '--out-dir', 'x'], ['there is no option --out-dir']],
  [
    ['export', '--max-itr', '5'],
    ['there is no option --max-itr', 'did you mean --max-iter?'],
  ],
  [
    ['export', '--maxItr=5'],
    ['there is no option --maxItr', 'did you mean --max-iter?'],
  ],
  [['export', '--max-iter'], ["option '--max-iter <iterations>' argument missing"]],
  [['export', '--config', '--weights', 'w'], ["the option --config has no value: '--weights' follows"]],
  [['export', '--max-iter', '5', '--maxIter', '6'], ['the option --max-iter is given 2 times']],
  [['corpus'], ["missing required argument 'folder'"]],
  [
    ['corpus', '--all'],
    ['the folder is missing', 'there is no option --all'],
  ],
  [['corpus', '.', 'b'], ["corpus takes one folder, not 'b' too"]],
  [['corpus', '/no/such/folder'], ["there is no folder '/no/such/folder'"]],
  [['goldens', '/no/such/folder'], ["there is no folder '/no/such/folder'"]],
])('%j is an error in a few lines', async (args, messages) => {
  const { status, out, error } = await run(...args);
  expect({ status, out }).toEqual({ status: 1, out: '' });
  for (const message of messages) expect(error).toContain(message);
  expect(error).not.toMatch(/\n\s+at /);
});

test('everything that is wrong with a command line is told at once', async () => {
  const { error } = await run('export', '/no/folder', '--max-itr', '5', '--mode', 'x', '--bn-reestimate', '-1', '-q');
  expect(error.match(/^error: .*/gm)).toEqual([
    'error: there is no option --max-itr',
    'error: there is no option -q',
    "error: there is no folder '/no/folder'",
    "error: the option --mode takes retrain, calibrate or distill, not 'x'",
    "error: the option --bn-reestimate takes an integer of at least 0, not '-1'",
  ]);
});
