/**
 * The flags that Nx takes for itself when it runs tasks (`nx run`, `nx <target>`, `nx run-many`, `nx affected`), in camel
 * case: whatever else stands there is an option of the task. Nx offers no way to ask it for them; a test holds this list
 * against the one of the installed Nx.
 */

/** Those that take a text: the next word, where none is given with `=`. */
export const NX_TEXT_FLAGS = [
  ...['project', 'p', 'projects', 'target', 'targets', 't', 'configuration', 'c', 'exclude', 'runner'],
  ...['parallel', 'maxParallel', 'graph', 'outputStyle', 'tuiAutoExit', 'files', 'base', 'head', 'explain'],
] as const;

/** Those that are there or not. */
export const NX_TRUTH_FLAGS = [
  ...['all', 'verbose', 'prod', 'nxBail', 'nxIgnoreCycles', 'skipNxCache', 'disableNxCache', 'skipRemoteCache'],
  ...['disableRemoteCache', 'excludeTaskDependencies', 'skipSync', 'cloud', 'dte', 'useAgents', 'agents', 'tui'],
  ...['batch', 'stdin', 'uncommitted', 'untracked', 'help', 'version'],
] as const;
