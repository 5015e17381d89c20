import { execFile, spawn } from 'node:child_process';
import { createReadStream, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A package of ours, as `npm pack` made it. */
export interface PackedPackage {
  readonly name: string;
  readonly version: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
  readonly manifest: Readonly<Record<string, unknown>>;
}

export interface PackageRegistry {
  readonly url: string;
  close(): Promise<void>;
}

interface Version {
  readonly manifest: Readonly<Record<string, unknown>>;
  /** A tarball, or an installed package. */
  readonly path: string;
  readonly isTarball: boolean;
}

/** Packs all packages of this repository, which must be built, as they are published, into a new folder. */
export async function packAll(destination: string): Promise<PackedPackage[]> {
  const args = ['tools/pack.mjs', destination, '--no-build', '--this-machine'];
  await promisify(execFile)(process.execPath, args, { maxBuffer: 1e8 });
  return JSON.parse(readFileSync(join(destination, 'packages.json'), 'utf8')) as PackedPackage[];
}

/**
 * An npm registry on loopback that knows the packages of ours and whatever is installed in this repository: what a test
 * installs from it comes from no other host.
 */
export async function startRegistry(tarballs: string, own: readonly PackedPackage[]): Promise<PackageRegistry> {
  const packages = installedPackages();
  for (const { name, version, filename, manifest } of own) {
    packages.set(name, new Map([[version, { manifest, path: join(tarballs, filename), isTarball: true }]]));
  }
  const server = createServer(({ url = '', headers }, response) => {
    const [, name = '', version] = /^\/((?:@[^/]+\/)?[^/]+)(?:\/-\/(.+)\.tgz)?$/.exec(decodeURIComponent(url)) ?? [];
    const versions = packages.get(name);
    const found = version === undefined ? undefined : versions?.get(version);
    if (found) sendTarball(response, found);
    else if (versions === undefined || version !== undefined) response.writeHead(404).end('{}');
    else response.writeHead(200, ofType('application/json')).end(packument(name, versions, headers.host));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  // By this name of it, Nx knows that it is being tested, and `nx init` sends no statistics.
  return { url: `http://localhost:${port}/`, close };
}

/** Headers of what npm may keep, as registries say: a second installation then asks for little. */
const ofType = (type: string) => ({ 'content-type': type, 'cache-control': 'public, max-age=3600' });

/** By name and version. The first version of a name is the one at the top, which counts as the newest. */
function installedPackages(): Map<string, Map<string, Version>> {
  const packages = new Map<string, Map<string, Version>>();
  const lock = readJson('node_modules/.package-lock.json')['packages'] as Record<string, { link?: boolean }>;
  const paths = Object.keys(lock).filter((path) => path.startsWith('node_modules/') && lock[path]?.link !== true);
  for (const path of paths.sort((a, b) => a.split('node_modules/').length - b.split('node_modules/').length)) {
    const manifest = readJson(join(path, 'package.json'));
    const { name, version } = manifest as { name: string; version: string };
    const versions = packages.get(name) ?? new Map<string, Version>();
    if (!versions.has(version)) versions.set(version, { manifest, path, isTarball: false });
    packages.set(name, versions);
  }
  return packages;
}

function packument(name: string, versions: ReadonlyMap<string, Version>, host = ''): string {
  const [latest] = versions.keys();
  const entries = [...versions].map(([version, { manifest }]) => {
    const { scripts = {}, devDependencies: _, ...rest } = manifest;
    // As a registry says it: without a word of it npm would compile a package that brings its binaries.
    const hasInstallScript = ['preinstall', 'install', 'postinstall'].some((name) => name in (scripts as object));
    const dist = { tarball: `http://${host}/${name}/-/${version}.tgz` };
    return [version, { ...rest, ...(hasInstallScript && { hasInstallScript }), dist }];
  });
  return JSON.stringify({ name, 'dist-tags': { latest }, versions: Object.fromEntries(entries) });
}

function sendTarball(response: ServerResponse, { path, isTarball }: Version): void {
  response.writeHead(200, ofType('application/octet-stream'));
  if (isTarball) {
    createReadStream(path).pipe(response);
    return;
  }
  // An uncompressed archive will do, and is made at once.
  const args = ['-c', '--exclude=./node_modules', '--transform=s,^\\.,package,', '-C', path, '.'];
  spawn('tar', args, { stdio: ['ignore', 'pipe', 'inherit'] }).stdout.pipe(response);
}

function readJson(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
}
