import { DiagnosticsError } from 'caffe-prototxt-parser';

/**
 * Yarn's Plug'n'Play has no folder of installed packages: which engine computes, and so whether a result is still the one that
 * it would compute, cannot be told there.
 *
 * @throws DiagnosticsError where the process runs under it
 */
export function refusePlugNPlay(versions: Readonly<Record<string, string | undefined>> = process.versions): void {
  if (versions['pnp'] === undefined) return;
  const message = "caffe-quant does not work with Yarn's Plug'n'Play";
  const hint = 'write `nodeLinker: node-modules` into .yarnrc.yml, and run `yarn install`';
  throw new DiagnosticsError([{ code: 'plug-n-play', severity: 'error', message, hint }]);
}
