import { runCli } from '../run-cli.ts';

export interface CliRun {
  status: number;
  out: string;
  error: string;
}

/** Runs a command line and keeps what it prints. */
export async function run(...args: string[]): Promise<CliRun> {
  const lines: Record<'out' | 'error', string[]> = { out: [], error: [] };
  const status = await runCli(args, { out: (text) => lines.out.push(text), error: (text) => lines.error.push(text) });
  return { status, out: lines.out.join('\n'), error: lines.error.join('\n') };
}
