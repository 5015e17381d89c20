import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Seconds of each stage of a run. */
export type StageSeconds = Readonly<Record<string, number>>;

/**
 * Runs a script of this repository as this one is run, its output on stderr.
 * @returns the seconds between the lines that `caffe-quant export` begins its stages with, by their names
 */
export async function runTimed(script: string, args: readonly string[]): Promise<StageSeconds> {
  const child = spawn(process.execPath, [...process.execArgv, script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const seconds: Record<string, number> = {};
  let [stage, since] = ['start', performance.now()];
  const closeStage = () => {
    seconds[stage] = (performance.now() - since) / 1000;
    since = performance.now();
  };
  createInterface(child.stdout).on('line', (line) => {
    console.error(line);
    if (!line.startsWith('> ')) return;
    closeStage();
    stage = line.slice(2);
  });
  const status = await new Promise((resolve) => child.on('close', resolve));
  closeStage();
  if (status !== 0) throw new Error(`${script} ${args.join(' ')}: status ${String(status)}`);
  return seconds;
}
