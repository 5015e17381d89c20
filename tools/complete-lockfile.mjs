/**
 * Adds to package-lock.json the optional platform packages that `npm install` left out.
 *
 *   node tools/complete-lockfile.mjs
 *
 * npm drops from the lock file what a registry mirror does not carry (the macOS and Windows binaries of nx, say), and
 * `npm ci` then refuses the lock file as out of step with package.json, on every machine. The versions stand in the
 * optionalDependencies of the packages that want them, so the entries can be written from the lock file alone; they
 * have no integrity, and the platform in the name keeps other machines from fetching them. Run it after each
 * `npm install` that changes the lock file.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const OS = {
  android: 'android',
  darwin: 'darwin',
  freebsd: 'freebsd',
  linux: 'linux',
  openharmony: 'openharmony',
  win32: 'win32',
  windows: 'win32',
  wasm32: 'wasi',
  wasi: 'wasi',
};
const CPU = {
  arm64: 'arm64',
  x64: 'x64',
  ia32: 'ia32',
  arm: 'arm',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  loong64: 'loong64',
  wasm32: 'wasm32',
};

const file = 'package-lock.json';
const lock = JSON.parse(readFileSync(file, 'utf8'));
const added = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isLocked(path, name)) continue;
    const words = name.split('/').at(-1).split('-');
    const os = words.map((word) => OS[word]).find(Boolean);
    const cpu = words.map((word) => CPU[word.replace(/ppc64le/, 'ppc64')]).find(Boolean);
    if (!/^\d+\.\d+\.\d+/.test(range)) {
      console.warn(`${name}: ${range} is not a single version; left out`);
      continue;
    }
    lock.packages[`node_modules/${name}`] = {
      version: range,
      ...(cpu && { cpu: [cpu] }),
      ...(entry.dev && { dev: true }),
      optional: true,
      ...(os && { os: [os] }),
    };
    added.push(`${name}@${range}`);
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, JSON.stringify(lock, null, 2) + '\n');
console.log(`${added.length} packages added`);

/** Whether a dependency of the package at `path` resolves to an entry, as node looks it up. */
function isLocked(path, name) {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    const prefix = at === '' ? '' : `${at}/`;
    if (lock.packages[`${prefix}node_modules/${name}`]) return true;
    if (at === '' || at === undefined) return false;
    if (!at.includes('node_modules/')) return Boolean(lock.packages[`node_modules/${name}`]);
  }
}
