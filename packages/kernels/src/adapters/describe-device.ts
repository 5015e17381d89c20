import type { Device } from '../graph/device.ts';
import type { Adapter, Listing } from './adapter.ts';
import { fromDrm, fromMacos, fromNvidiaModule, fromNvidiaSmi, fromWindows } from './platform-listings.ts';
import { type System, thisSystem } from './system.ts';
import { driverFiles, fromDriverFiles, fromVulkaninfo } from './vulkan.ts';

/**
 * What is known of the adapters and drivers that a device may compute with. onnxruntime's providers do not tell which they
 * took; so this is what the system lists, each source by itself. Results of another adapter or driver may be other bytes.
 */
export interface DeviceDescription {
  readonly device: Device;
  /** The sources that list anything, the one that tells most first; none: adapter and driver are unknown. */
  readonly listings: readonly Listing[];
}

type Source = (system: System) => Listing | undefined;

const LINUX: Partial<Record<Device, readonly Source[]>> = {
  webgpu: [fromVulkaninfo, fromDriverFiles, fromNvidiaModule, fromDrm],
  cuda: [fromNvidiaSmi, fromNvidiaModule],
};

const SOURCES: Partial<Record<NodeJS.Platform, Partial<Record<Device, readonly Source[]>>>> = {
  linux: LINUX,
  win32: { webgpu: [fromWindows], dml: [fromWindows], cuda: [fromNvidiaSmi, fromWindows] },
  darwin: { webgpu: [fromMacos], coreml: [fromMacos] },
};

/** Undefined for the processor, whose kind is known otherwise. */
export function describeDevice(device: Device, system: System = thisSystem()): DeviceDescription | undefined {
  if (device === 'cpu') return undefined;
  const sources = SOURCES[system.platform]?.[device] ?? [];
  return { device, listings: sources.flatMap((source) => source(system) ?? []) };
}

/** `webgpu (NVIDIA L4, driver NVIDIA 550.54; by vulkaninfo)`; it is said where nothing is known. */
export function deviceText({ device, listings: [first] }: DeviceDescription): string {
  if (!first) return `${device} (adapter and driver unknown: the system lists none)`;
  return `${device} (${first.adapters.map(adapterText).join(' and ')}; by ${first.source})`;
}

const adapterText = ({ name, driver }: Adapter): string => (driver === undefined ? name : `${name}, driver ${driver}`);

/** How each provider chooses among several. Sources: `webgpu_context.cc` and the providers' options of onnxruntime 1.30. */
const CHOICE: Partial<Record<Device, string>> = {
  webgpu:
    'onnxruntime asks for the fastest kind, a card of its own before one in the processor and that before software, and does ' +
    'not tell which it got; on Linux VK_DRIVER_FILES=<a driver file of Vulkan> leaves one driver',
  cuda: 'onnxruntime takes the first; CUDA_VISIBLE_DEVICES=<number> puts another there',
  dml: "onnxruntime takes the first, the one of the main display; Windows' graphics settings put another there",
};

/** What is said where the system lists several adapters; undefined for one. */
export function severalText({ device, listings: [first] }: DeviceDescription): string | undefined {
  const count = first?.adapters.length ?? 0;
  const choice = CHOICE[device];
  return count > 1 && choice !== undefined ? `of ${count} adapters ${choice}` : undefined;
}

/** Where adapters of a device were looked for, and what was found: for a device that does not work. */
export function lookedFor(device: Device, system: System = thisSystem()): string {
  const described = describeDevice(device, system);
  const [first] = described?.listings ?? [];
  const found = first
    ? `${first.source} has ${first.adapters.map(({ name }) => name).join(', ')}`
    : 'the system lists none';
  if (device !== 'webgpu' || system.platform !== 'linux') return found;
  const { files, lookedIn } = driverFiles(system);
  return `looked for drivers of Vulkan in ${lookedIn.join(', ')}: ${files.length === 0 ? 'none is there' : found}`;
}
