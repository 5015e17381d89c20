import type { NxJsonConfiguration, Tree } from '@nx/devkit';
import { readNxJson, updateNxJson, writeJson } from '@nx/devkit';
import { refusePlugNPlay } from '../../plug-n-play.ts';

/** The generator takes no options. */
export type InitOptions = Record<never, never>;

const PLUGIN = '@caffe-quant/nx/plugin';
/** What the stages write, and Nx's own caches: whatever is not ignored counts as a file of the workspace. */
const IGNORED = ['dist/', '.caffe-quant/', '.nx/cache/', '.nx/workspace-data/'];

/** Without a word about these, Nx stops at a question about each on a terminal, or asks for them in a run's output. */
const QUIET = { analytics: false, neverConnectToCloud: true } as const;

/** Adds the plugin to nx.json, with what keeps Nx from asking, and what it writes to .gitignore. Run again, it changes nothing. */
export default async function init(tree: Tree, _options: InitOptions = {}): Promise<void> {
  refusePlugNPlay();
  const nxJson: NxJsonConfiguration = readNxJson(tree) ?? {};
  const plugins = nxJson.plugins ?? [];
  const names = plugins.map((entry) => (typeof entry === 'string' ? entry : entry.plugin));
  const isAdded = names.includes(PLUGIN);
  const quiet = Object.entries(QUIET).filter(([name]) => !Object.hasOwn(nxJson, name) && !isCloudUsed(nxJson, name));
  if (!isAdded || quiet.length > 0) {
    // A workspace needs none; updateNxJson does nothing then.
    if (!tree.exists('nx.json')) writeJson(tree, 'nx.json', {});
    const added = isAdded ? plugins : [...plugins, PLUGIN];
    updateNxJson(tree, { ...nxJson, plugins: added, ...Object.fromEntries(quiet) });
  }
  const text = tree.exists('.gitignore') ? (tree.read('.gitignore', 'utf8') ?? '') : '';
  const lines = new Set(text.split(/\r?\n/).map(plain));
  const entries = tree.exists('.gitignore') ? IGNORED : ['node_modules/', ...IGNORED];
  const missing = entries.filter((entry) => !lines.has(plain(entry)) && !lines.has(plain(entry).split('/')[0] ?? ''));
  // An edit of .gitignore empties Nx's cache, so none is made for nothing.
  if (missing.length > 0) tree.write('.gitignore', `${text.replace(/(?<=[^\n])$/, '\n')}${missing.join('\n')}\n`);
}

/** A workspace that is connected to Nx Cloud stays so. */
function isCloudUsed({ nxCloudId, nxCloudAccessToken }: NxJsonConfiguration, name: string): boolean {
  return name === 'neverConnectToCloud' && (nxCloudId ?? nxCloudAccessToken) !== undefined;
}

/** `dist`, `/dist`, `dist/` and `/dist/` ignore the same folder of the workspace's root. */
function plain(entry: string): string {
  return entry.trim().replace(/^\/|\/$/g, '');
}
