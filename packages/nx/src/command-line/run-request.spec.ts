import { parseRunRequest, type RunRequest } from './run-request.ts';

const parse = (line: string) => parseRunRequest(['node', 'nx', ...line.split(' ')], (name) => name === 'lenet');

const ONE: RunRequest = {
  isAffected: false,
  projects: ['lenet'],
  targets: ['quantize-retrain'],
  words: [],
  dropped: [],
};

test.each<[line: string, request: RunRequest]>([
  ['run lenet:quantize-retrain', ONE],
  ['quantize-retrain lenet', ONE],
  ['run --project lenet --target quantize-retrain', ONE],
  ['run lenet:quantize-retrain:quick', { ...ONE, configuration: 'quick' }],
  ['run lenet:quantize-retrain -c quick', { ...ONE, configuration: 'quick' }],
  ['quantize-retrain lenet --configuration=quick', { ...ONE, configuration: 'quick' }],
  ['run lenet:quantize-retrain --prod', { ...ONE, configuration: 'production' }],
  ['run lenet:quantize-retrain --maxIter 20 --mode=distill', { ...ONE, words: ['--maxIter', '20', '--mode=distill'] }],
  [
    'run lenet:quantize-retrain --skip-nx-cache --parallel 3 --no-cloud --outputStyle=stream --verbose --maxIter=2',
    { ...ONE, words: ['--maxIter=2'] },
  ],
  ['run lenet:quantize-retrain --tui false conv1', { ...ONE, words: ['conv1'] }],
  [
    'run lenet:quantize-retrain --maxIter=1 -- --select=best',
    { ...ONE, words: ['--select=best'], dropped: ['--maxIter=1'] },
  ],
  [
    'run-many -t quantize-retrain build -p lenet vgg --maxIter=2',
    { ...ONE, targets: ['quantize-retrain', 'build'], projects: ['lenet', 'vgg'], words: ['--maxIter=2'] },
  ],
  [
    'affected --targets=quantize-retrain,build --base main',
    { isAffected: true, targets: ['quantize-retrain', 'build'], words: [], dropped: [] },
  ],
])('nx %s', (line, request) => expect(parse(line)).toEqual(request));

test.each(['run other:quantize-retrain', 'show projects', 'g @caffe-quant/nx:model lenet', 'run lenet', 'run-many'])(
  'nx %s is not for us',
  (line) => expect(parse(line)).toBeUndefined(),
);
