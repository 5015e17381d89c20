export type { Output } from './command.ts';
export { runCli } from './run-cli.ts';
