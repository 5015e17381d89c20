import type { NxJsonConfiguration, Tree } from '@nx/devkit';
import { readNxJson, updateNxJson, writeJson } from '@nx/devkit';

/** The generator takes no options. */
export type InitOptions = Record<never, never>;

const PLUGIN = '@caffe-quant/nx/plugin';
/** What the stages write, and Nx's own caches: whatever is not ignored counts as a file of the workspace. */
const IGNORED = ['dist/', '.caffe-quant/', '.nx/cache/', '.nx/workspace-data/'];

/** Adds the plugin to nx.json, and what it writes to .gitignore. Run again, it changes nothing. */
export default async function init(tree: Tree, _options: InitOptions = {}): Promise<void> {
  const nxJson: NxJsonConfiguration = readNxJson(tree) ?? {};
  const plugins = nxJson.plugins ?? [];
  const names = plugins.map((entry) => (typeof entry === 'string' ? entry : entry.plugin));
  if (!names.includes(PLUGIN)) {
    // A workspace needs none; updateNxJson does nothing then.
    if (!tree.exists('nx.json')) writeJson(tree, 'nx.json', {});
    updateNxJson(tree, { ...nxJson, plugins: [...plugins, PLUGIN] });
  }
  const text = tree.exists('.gitignore') ? (tree.read('.gitignore', 'utf8') ?? '') : '';
  const lines = new Set(text.split(/\r?\n/).map(plain));
  const missing = IGNORED.filter((entry) => !lines.has(plain(entry)) && !lines.has(plain(entry).split('/')[0] ?? ''));
  // An edit of .gitignore empties Nx's cache, so none is made for nothing.
  if (missing.length > 0) tree.write('.gitignore', `${text.replace(/(?<=[^\n])$/, '\n')}${missing.join('\n')}\n`);
}

/** `dist`, `/dist`, `dist/` and `/dist/` ignore the same folder of the workspace's root. */
function plain(entry: string): string {
  return entry.trim().replace(/^\/|\/$/g, '');
}
