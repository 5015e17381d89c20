import { createHash } from 'node:crypto';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { type Adapter, listing, type Listing } from './adapter.ts';
import type { System } from './system.ts';

/**
 * What `vulkaninfo --summary` lists: a block `GPU0:` for each adapter, with lines `deviceName = ...`.
 * Source: the program of that name of the Vulkan tools (Debian: `vulkan-tools`).
 */
export function vulkaninfoAdapters(text: string): Adapter[] {
  return text.split(/^GPU\d+:\s*$/m).flatMap((block, i): Adapter[] => {
    const field = (name: string) => new RegExp(`^\\s*${name}\\s*=\\s*(.+?)\\s*$`, 'm').exec(block)?.[1];
    const name = field('deviceName');
    if (i === 0 || name === undefined) return [];
    const driver = [field('driverName'), field('driverInfo') ?? field('driverVersion')]
      .filter((part) => part)
      .join(' ');
    return [{ name, ...(driver !== '' && { driver }) }];
  });
}

export function fromVulkaninfo(system: System): Listing | undefined {
  return listing('vulkaninfo', vulkaninfoAdapters(system.run('vulkaninfo', '--summary') ?? ''));
}

/**
 * The files that Vulkan's loader reads to find drivers: those that a variable names, else those in its folders.
 * Source: "Driver discovery" of the Vulkan loader's LoaderDriverInterface.md.
 */
export function driverFiles({ environment, home, list }: System): { files: string[]; lookedIn: string[] } {
  const pathsIn = (variable: string) => (environment[variable] ?? '').split(':').filter((path) => path !== '');
  const inFolder = (path: string) => (path.endsWith('.json') ? [path] : jsonIn(path, list));
  for (const variable of ['VK_DRIVER_FILES', 'VK_ICD_FILENAMES']) {
    const named = pathsIn(variable);
    if (named.length > 0) return { files: named.flatMap(inFolder), lookedIn: [`${variable}=${named.join(':')}`] };
  }
  const or = (variable: string, otherwise: string[]) => {
    const paths = pathsIn(variable);
    return paths.length > 0 ? paths : otherwise;
  };
  const roots = [
    ...or('XDG_CONFIG_HOME', [join(home, '.config')]),
    ...or('XDG_CONFIG_DIRS', ['/etc/xdg']),
    '/etc',
    ...or('XDG_DATA_HOME', [join(home, '.local/share')]),
    ...or('XDG_DATA_DIRS', ['/usr/local/share', '/usr/share']),
  ];
  const folders = [...new Set(roots)].map((root) => join(root, 'vulkan/icd.d'));
  const added = pathsIn('VK_ADD_DRIVER_FILES').flatMap(inFolder);
  return { files: [...added, ...folders.flatMap(inFolder)], lookedIn: folders };
}

/** Whether any of them is there. */
export const hasDriverFile = (system: System): boolean =>
  driverFiles(system).files.some((file) => system.read(file) !== undefined);

const jsonIn = (folder: string, list: System['list']): string[] =>
  list(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(folder, name));

/** Where the linker finds a library that is named without a folder, on the usual systems. */
const LIBRARY_FOLDERS = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib', '/lib64'];

/** Vulkan's drivers by their files: which adapters they have is not in there, but a new version of one has another digest. */
export function fromDriverFiles(system: System): Listing | undefined {
  const drivers = new Map<string, Adapter>();
  for (const file of driverFiles(system).files) {
    const library = libraryOf(file, system);
    if (library === undefined) continue;
    const place = findLibrary(library, file, system);
    const content = place === undefined ? undefined : system.read(place);
    const digest = content && createHash('sha256').update(content).digest('hex').slice(0, 16);
    const name = basename(file, '.json');
    drivers.set(name, {
      name,
      driver: `${basename(place ?? library)}${digest ? ` (sha256 ${digest})` : ', not found'}`,
    });
  }
  return listing('the driver files of Vulkan', [...drivers.values()]);
}

function libraryOf(file: string, { read }: System): string | undefined {
  try {
    const { ICD } = JSON.parse(read(file)?.toString('utf8') ?? '') as { ICD?: { library_path?: unknown } };
    return typeof ICD?.library_path === 'string' ? ICD.library_path : undefined;
  } catch {
    return undefined;
  }
}

/** Its path without links, which has the version in the names of some. A path with a folder is one beside the file. */
function findLibrary(library: string, file: string, { read, real, environment }: System): string | undefined {
  const folders = [
    ...(environment['LD_LIBRARY_PATH'] ?? '').split(':').filter((path) => path !== ''),
    ...LIBRARY_FOLDERS,
  ];
  const isNamed = !isAbsolute(library) && !library.includes('/');
  const places = isNamed ? folders.map((folder) => join(folder, library)) : [resolve(dirname(file), library)];
  return places.map(real).find((place) => read(place) !== undefined);
}
