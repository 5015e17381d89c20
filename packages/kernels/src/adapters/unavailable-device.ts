import { DiagnosticsError } from 'caffe-prototxt-parser';
import type { Device } from '../graph/device.ts';
import { loadOnnxruntime } from '../graph/onnxruntime.ts';
import { lookedFor } from './describe-device.ts';
import { type System, thisSystem } from './system.ts';
import { hasDriverFile } from './vulkan.ts';

type Accelerator = Exclude<Device, 'cpu'>;

/** What onnxruntime-node has each device for. Source: its release notes, README and install script. */
const NEEDS: Readonly<Record<Accelerator, string>> = {
  cuda: 'cuda needs Linux x64 with an NVIDIA card, CUDA 12 and cuDNN 9',
  webgpu: 'webgpu needs Linux x64, Windows or macOS, with a graphics card and its driver',
  dml: 'dml is DirectML: it needs Windows 10 or later and a graphics card with DirectX 12',
  coreml: 'coreml needs macOS',
};

const CUDA_LIBRARIES =
  "install onnxruntime-node with ONNXRUNTIME_NODE_INSTALL=cuda12 and install scripts allowed, which fetches the provider's libraries";

/** What is to be installed, by the system that runs; a container has its own. */
const INSTALL: Partial<Record<NodeJS.Platform, Partial<Record<Accelerator, string>>>> = {
  linux: {
    webgpu:
      'on Debian or Ubuntu install libvulkan1 and the driver: mesa-vulkan-drivers for AMD and Intel, nvidia-driver for NVIDIA; ' +
      'a container needs libvulkan1 too, and --gpus all -e NVIDIA_DRIVER_CAPABILITIES=all for NVIDIA, or --device /dev/dri and ' +
      'the driver for others; without a card there is SwiftShader, software in the package chromium-common: ' +
      'VK_ICD_FILENAMES=/usr/lib/chromium/vk_swiftshader_icd.json',
    cuda: `${CUDA_LIBRARIES}; a container needs --gpus all, and CUDA 12 with cuDNN 9 in its image`,
  },
  win32: {
    webgpu:
      "install the graphics driver of the card's maker (Direct3D 12); a container needs process isolation and " +
      '--device class/5B45201D-F2F2-4F3B-85BB-30FF1F953599',
    dml: "install the graphics driver of the card's maker (DirectX 12); containers have it from the host",
  },
  darwin: {
    webgpu: 'macOS brings its driver, Metal, with it; a container or virtual machine on a Mac has no graphics card',
    coreml: 'macOS brings it with it; a container on a Mac runs Linux, which does not have it',
  },
};

/**
 * @throws DiagnosticsError where this installation of onnxruntime does not have the device at all, or the system no driver for
 *   it: asked for WebGPU without one, the library has its own words for that on the terminal.
 */
export async function checkDevice(device: Device, system: System = thisSystem()): Promise<void> {
  const { listSupportedBackends } = await loadOnnxruntime();
  const offered = listSupportedBackends().map(({ name }) => name);
  if (!offered.includes(device)) throw unavailable(device, `it offers ${offered.join(', ')}`);
  if (device === 'webgpu' && system.platform === 'linux' && !hasDriverFile(system)) {
    throw unavailable(device, `${NO_ADAPTER} (${lookedFor(device, system)})`);
  }
}

/** What is said where the device is offered, but no session opens on it. */
export function refused(device: Device, error: unknown): DiagnosticsError {
  const why = reasonOf(error instanceof Error ? error.message : String(error));
  return unavailable(device, `${why} (${lookedFor(device)})`, error);
}

const NO_ADAPTER = 'it finds no graphics adapter that it can compute with';

function unavailable(device: Device, why: string, cause?: unknown): DiagnosticsError {
  const message = `the device '${device}' cannot be used with the installed onnxruntime-node on this machine: ${why}`;
  const hint =
    device === 'cpu' ? 'install onnxruntime-node again' : `${whatHelps(device)}; or leave the option device out`;
  return new DiagnosticsError([{ code: 'device', severity: 'error', message, hint }], undefined, { cause });
}

function whatHelps(device: Accelerator): string {
  const install = INSTALL[process.platform]?.[device];
  return install === undefined ? NEEDS[device] : `${NEEDS[device]}: ${install}`;
}

/** onnxruntime's words are about its own source. */
function reasonOf(text: string): string {
  if (/WebGPU adapter|supported adapters/i.test(text)) return NO_ADAPTER;
  if (/load (?:shared )?library|cannot open shared object/i.test(text)) return "the provider's libraries are not here";
  if (/CUDA failure|no CUDA-capable|cudaGetDevice/i.test(text)) return 'CUDA finds no device or driver';
  return 'it does not start there';
}
