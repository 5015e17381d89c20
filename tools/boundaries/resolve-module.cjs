/**
 * Tells eslint-plugin-boundaries which file an import names (interface of eslint-module-utils' resolvers): of a package of
 * this repository its source, by the condition that marks it in `exports`; a path into such a package that it does not
 * export is a file of it all the same, so that the import is seen as one that goes around the index.
 */
const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { isBuiltin } = require('node:module');
const { dirname, join, resolve } = require('node:path');

const PACKAGES = resolve(__dirname, '../../packages');
const SOURCE = '@caffe-quant/source';

/** By name. */
const packages = new Map(
  readdirSync(PACKAGES).map((folder) => {
    const manifest = JSON.parse(readFileSync(join(PACKAGES, folder, 'package.json'), 'utf8'));
    return [manifest.name, { folder: join(PACKAGES, folder), manifest }];
  }),
);

exports.interfaceVersion = 2;
exports.resolve = (source, file) => {
  if (isBuiltin(source)) return { found: true, path: null };
  if (source.startsWith('.')) return { found: true, path: resolve(dirname(file), source) };
  const [, name, subpath = ''] = /^((?:@[^/]+\/)?[^/]+)(?:\/(.*))?$/.exec(source) ?? [];
  const own = packages.get(name);
  if (own)
    return { found: true, path: join(own.folder, exported(own.manifest, subpath) ?? withEnding(own.folder, subpath)) };
  const installed = join(PACKAGES, '../node_modules', name ?? source);
  return existsSync(installed) ? { found: true, path: installed } : { found: false };
};

function exported({ exports: entries }, subpath) {
  const key = subpath === '' ? '.' : `./${subpath}`;
  for (const [pattern, target] of Object.entries(entries)) {
    const path = typeof target === 'string' ? target : target[SOURCE];
    const [before, after] = pattern.split('*');
    if (after === undefined ? key === pattern : key.startsWith(before) && key.endsWith(after)) {
      return path.replace('*', key.slice(before.length, key.length - (after ?? '').length));
    }
  }
  return undefined;
}

function withEnding(folder, subpath) {
  return existsSync(join(folder, subpath)) ? subpath : `${subpath}.ts`;
}
