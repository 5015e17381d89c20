import { type Adapter, listing, type Listing } from './adapter.ts';
import type { System } from './system.ts';

/** NVIDIA's own: what `nvidia-smi --query-gpu=name,driver_version --format=csv,noheader` prints, a line for each. */
export function nvidiaSmiAdapters(text: string): Adapter[] {
  return text.split('\n').flatMap((line): Adapter[] => {
    const [name, version] = line.split(',').map((part) => part.trim());
    return name && version ? [{ name, driver: `NVIDIA ${version}` }] : [];
  });
}

export const fromNvidiaSmi = (system: System): Listing | undefined =>
  listing(
    'nvidia-smi',
    nvidiaSmiAdapters(system.run('nvidia-smi', '--query-gpu=name,driver_version', '--format=csv,noheader') ?? ''),
  );

/** What NVIDIA's kernel module says in `/proc/driver/nvidia`, which a container has too. */
export function fromNvidiaModule({ read, list }: System): Listing | undefined {
  const text = (path: string) => read(path)?.toString('utf8') ?? '';
  const version = /Kernel Module\s+(?:for \S+\s+)?(\S+)/.exec(text('/proc/driver/nvidia/version'))?.[1];
  const gpus = list('/proc/driver/nvidia/gpus');
  const models = gpus.map(
    (gpu) => /^Model:\s*(.+?)\s*$/m.exec(text(`/proc/driver/nvidia/gpus/${gpu}/information`))?.[1],
  );
  const driver = version === undefined ? {} : { driver: `NVIDIA ${version}` };
  return listing(
    '/proc/driver/nvidia',
    models.flatMap((name) => (name === undefined ? [] : [{ name, ...driver }])),
  );
}

/** What Linux lists of graphics cards: their PCI numbers, and the kernel's driver, whose version is the kernel's. */
export function fromDrm({ list, read, release }: System): Listing | undefined {
  const cards = list('/sys/class/drm').filter((name) => /^card\d+$/.test(name));
  const text = (card: string, file: string) => read(`/sys/class/drm/${card}/device/${file}`)?.toString('utf8').trim();
  return listing(
    '/sys/class/drm',
    cards.flatMap((card): Adapter[] => {
      const [vendor, device] = [text(card, 'vendor'), text(card, 'device')];
      if (vendor === undefined || device === undefined) return [];
      const driver = /^DRIVER=(.+)$/m.exec(text(card, 'uevent') ?? '')?.[1];
      const name = `PCI ${vendor.replace('0x', '')}:${device.replace('0x', '')}`;
      return [{ name, ...(driver !== undefined && { driver: `${driver} of Linux ${release}` }) }];
    }),
  );
}

/** Windows' list of video controllers, as JSON: an object, or an array of them. */
export function videoControllerAdapters(json: string): Adapter[] {
  const parsed = jsonOf(json);
  return (Array.isArray(parsed) ? parsed : [parsed]).flatMap((each: unknown): Adapter[] => {
    const { Name: name, DriverVersion: driver } = (each ?? {}) as { Name?: unknown; DriverVersion?: unknown };
    if (typeof name !== 'string') return [];
    return [{ name, ...(typeof driver === 'string' && { driver }) }];
  });
}

export function fromWindows(system: System): Listing | undefined {
  const command = 'Get-CimInstance Win32_VideoController | Select-Object Name,DriverVersion | ConvertTo-Json -Compress';
  const json = system.run('powershell.exe', '-NoProfile', '-NonInteractive', '-Command', command);
  return listing("Windows' video controllers", videoControllerAdapters(json ?? ''));
}

/** macOS's list of displays' processors, as JSON. Their driver is a part of the system. */
export function displayAdapters(json: string, release: string): Adapter[] {
  const parsed = jsonOf(json) as { SPDisplaysDataType?: unknown } | undefined;
  const entries: unknown = parsed?.SPDisplaysDataType;
  return (Array.isArray(entries) ? entries : []).flatMap((each: unknown): Adapter[] => {
    const name = (each as { sppci_model?: unknown } | null)?.sppci_model;
    return typeof name === 'string' ? [{ name, driver: `of macOS (Darwin ${release})` }] : [];
  });
}

export const fromMacos = (system: System): Listing | undefined =>
  listing(
    'system_profiler',
    displayAdapters(system.run('system_profiler', 'SPDisplaysDataType', '-json') ?? '', system.release),
  );

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
