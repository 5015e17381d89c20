/**
 * Holds this engine on a device at hand against reference numbers of Caffe and AMCT, and a training step of ResNet-18 and
 * MobileNet, float and quantized, against the processor's.
 *
 *   npm run goldens -- [folder] [--device webgpu] [--no-nets] [--nets ResNet-18,MobileNet] [--batch 2] [--minutes 10]
 *
 * The folder holds golden sets; default: those of this repository. The nets take no longer than what is left of the minutes
 * after the sets; what is not finished then is left out, and said. Ends with 1 where something failed.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Device, expectSumsShowNaN } from '@caffe-quant/kernels';
import { runCli } from 'caffe-quant';
import { NETS } from '../benchmarks/nets.ts';
import type { StepDifference, StepRequest } from './device-step.ts';

const FIXTURES = 'packages/kernels/fixtures/goldens';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    device: { type: 'string', default: 'cpu' },
    nets: { type: 'string', default: 'ResNet-18,MobileNet' },
    'no-nets': { type: 'boolean', default: false },
    batch: { type: 'string', default: '2' },
    minutes: { type: 'string', default: '10' },
  },
});
/** Ends with what was wrong on the command line. */
function refuse(message: string): never {
  console.error(`goldens: ${message}`);
  process.exit(2);
}

const number = (option: 'batch' | 'minutes'): number => {
  const value = Number(options[option]);
  if (!(value > 0)) refuse(`--${option} takes a number above 0`);
  return value;
};
const [batch, minutes] = [number('batch'), number('minutes')];
const nets = options['no-nets'] ? [] : options.nets.split(',');
for (const net of nets) if (!(net in NETS)) refuse(`no net '${net}': ${Object.keys(NETS).join(', ')}`);

const started = performance.now();
const secondsLeft = () => minutes * 60 - (performance.now() - started) / 1000;
const [folder = FIXTURES] = positionals;
const output = { out: (text: string) => console.log(text), error: (text: string) => console.error(text) };
let status = await runCli(['goldens', folder, '--device', options.device], output);
if (options.device !== 'cpu' && (await works(options.device as Device))) await compareNets();
process.exitCode = status;

/** Whether the device is there: if not, the sets have told it. */
async function works(device: Device): Promise<boolean> {
  try {
    await expectSumsShowNaN(device);
    return true;
  } catch {
    return false;
  }
}

async function compareNets(): Promise<void> {
  if (nets.length === 0) console.log('Nets are left out (--no-nets).');
  for (const net of nets) {
    for (const kind of ['float', 'QAT'] as const) {
      const title = `${net}, ${kind}, batch ${batch}`;
      const difference = await stepOf({ net, kind, batch, device: options.device as StepRequest['device'] });
      if (difference === 'late') {
        console.log(`left out: ${title}: not finished when the ${minutes} minutes were over (--minutes takes more)`);
      } else if (difference === 'failed') {
        status = 1;
        console.log(`failed: ${title}: its step could not be computed`);
      } else {
        const { error, limit } = difference.gradient;
        if (!(error <= limit)) status = 1;
        console.log(`${error <= limit ? 'passed' : 'failed'}: ${title}: ${described(difference)}`);
      }
    }
  }
}

function described({ losses, gradient, first, second }: StepDifference): string {
  const seconds = ([processor, own]: [number, number]) => `${processor.toFixed(2)} and ${own.toFixed(2)} s`;
  return [
    `loss ${losses[0].toFixed(5)} on the processor, ${losses[1].toFixed(5)} on ${options.device}`,
    `gradients differ by at most ${gradient.error.toExponential(1)} (limit ${gradient.limit.toExponential(1)}) in ${gradient.of}`,
    `first step with the compilation ${seconds(first)}, second ${seconds(second)}`,
  ].join('; ');
}

/** In a process of its own, which can be ended: a step on a software adapter may take minutes. */
function stepOf(request: StepRequest): Promise<StepDifference | 'late' | 'failed'> {
  const left = secondsLeft();
  if (left <= 0) return Promise.resolve('late');
  const script = join(import.meta.dirname, 'device-step.ts');
  const child = spawn(process.execPath, [...process.execArgv, script], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(request));
  let [isLate, text] = [false, ''];
  const timer = setTimeout(() => (isLate = child.kill('SIGKILL')), left * 1000);
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve(isLate ? 'late' : code === 0 ? (JSON.parse(text) as StepDifference) : 'failed');
    });
  });
}
