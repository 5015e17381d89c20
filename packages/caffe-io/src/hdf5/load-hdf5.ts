import * as vm from 'node:vm';
import type * as Hdf5 from 'h5wasm/node';

export type { Hdf5 };

let loading: Promise<typeof Hdf5> | undefined;

/**
 * The HDF5 library, loaded on first use: it is 4 MB of WebAssembly, and few have such files. Its errors are thrown as
 * JavaScript errors, nothing is printed.
 */
export function loadHdf5(): Promise<typeof Hdf5> {
  loading ??= importHdf5().then(async (hdf5) => {
    (await hdf5.ready).activate_throwing_error_handler();
    return hdf5;
  });
  return loading;
}

function importHdf5(): Promise<typeof Hdf5> {
  // The package is an ES module. Sources that run as CommonJS have no `import()` left: it was compiled to a `require`,
  // which does not find the package. There the main realm's own is asked.
  if (typeof __filename !== 'string') return import('h5wasm/node');
  const main = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  const options = { filename: __filename, importModuleDynamically: main };
  const load = vm.runInThisContext('(name) => import(name)', options) as (name: string) => Promise<typeof Hdf5>;
  return load('h5wasm/node');
}

/** HDF5's own reason: the innermost of the errors that it lists. */
export function hdf5Reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const reasons = [...text.matchAll(/in H5\w+\(\): (.+)$/gm)].map(([, reason = '']) => reason);
  return (reasons.at(-1) ?? text.split('\n')[0] ?? '').trim();
}
