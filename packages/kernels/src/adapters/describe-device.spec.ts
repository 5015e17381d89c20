import { describeDevice, deviceText, lookedFor, severalText } from './describe-device.ts';
import type { System } from './system.ts';

/** A system with these files and programs, and nothing else. */
function system(
  platform: NodeJS.Platform,
  files: Record<string, string> = {},
  programs: Record<string, string> = {},
  environment: Record<string, string> = {},
): System {
  return {
    ...{ platform, release: '6.1.0', home: '/home/me', environment },
    read: (path) => (files[path] === undefined ? undefined : Buffer.from(files[path])),
    list: (folder) => {
      const inside = Object.keys(files).filter((path) => path.startsWith(`${folder}/`));
      return [...new Set(inside.map((path) => path.slice(folder.length + 1).split('/')[0]!))].sort();
    },
    real: (path) => path,
    run: (program) => programs[program],
  };
}

const ICD = JSON.stringify({ ICD: { library_path: './libvk_swiftshader.so', api_version: '1.0.5' } });
const SWIFTSHADER = { '/opt/vk_swiftshader_icd.json': ICD, '/opt/libvk_swiftshader.so': 'library' };
const NAMED = { VK_ICD_FILENAMES: '/opt/vk_swiftshader_icd.json' };

const VULKANINFO = `==========
VULKANINFO
==========

Vulkan Instance Version: 1.3.239

Devices:
========
GPU0:
	apiVersion         = 1.3.255
	driverVersion      = 535.104.5.0
	vendorID           = 0x10de
	deviceType         = PHYSICAL_DEVICE_TYPE_DISCRETE_GPU
	deviceName         = NVIDIA L4
	driverID           = DRIVER_ID_NVIDIA_PROPRIETARY
	driverName         = NVIDIA
	driverInfo         = 535.104.05
GPU1:
	deviceName         = llvmpipe (LLVM 15.0.6, 256 bits)
	driverName         = llvmpipe
	driverInfo         = Mesa 22.3.6 (LLVM 15.0.6)
`;
const NVIDIA = {
  '/proc/driver/nvidia/version':
    'NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.104.05  Sat Aug 19 01:15:15 UTC 2023\nGCC version:  12',
  '/proc/driver/nvidia/gpus/0000:00:03.0/information': 'Model: \t\t NVIDIA L4\nIRQ:   \t\t 34\n',
};
const OPEN_MODULE = {
  ...NVIDIA,
  '/proc/driver/nvidia/version': 'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.86.15  Release Build',
};
const DRM = {
  '/sys/class/drm/card0/device/vendor': '0x8086\n',
  '/sys/class/drm/card0/device/device': '0x3e92\n',
  '/sys/class/drm/card0/device/uevent': 'DRIVER=i915\nPCI_CLASS=30000\n',
  '/sys/class/drm/card0-HDMI-A-1/status': 'connected\n',
};
const CONTROLLERS = JSON.stringify([
  { Name: 'Intel(R) UHD Graphics 770', DriverVersion: '31.0.101.4091' },
  { Name: 'NVIDIA GeForce RTX 4070', DriverVersion: '31.0.15.3699' },
]);
const DISPLAYS = JSON.stringify({ SPDisplaysDataType: [{ _name: 'Apple M2', sppci_model: 'Apple M2' }] });

test.each([
  [
    'the list of vulkaninfo',
    'webgpu',
    system('linux', {}, { vulkaninfo: VULKANINFO }),
    'webgpu (NVIDIA L4, driver NVIDIA 535.104.05 and llvmpipe (LLVM 15.0.6, 256 bits), driver llvmpipe Mesa 22.3.6 (LLVM 15.0.6); by vulkaninfo)',
  ],
  [
    'a driver file that a variable names',
    'webgpu',
    system('linux', SWIFTSHADER, {}, NAMED),
    'webgpu (vk_swiftshader_icd, driver libvk_swiftshader.so (sha256 b718f1354f724731); by the driver files of Vulkan)',
  ],
  [
    'a driver file whose library is not there',
    'webgpu',
    system('linux', { '/etc/vulkan/icd.d/x.json': ICD }),
    'webgpu (x, driver libvk_swiftshader.so, not found; by the driver files of Vulkan)',
  ],
  [
    'a driver file that is none',
    'webgpu',
    system('linux', { '/etc/vulkan/icd.d/x.json': '{' }),
    'webgpu (adapter and driver unknown: the system lists none)',
  ],
  [
    "NVIDIA's module",
    'cuda',
    system('linux', NVIDIA),
    'cuda (NVIDIA L4, driver NVIDIA 535.104.05; by /proc/driver/nvidia)',
  ],
  [
    "NVIDIA's open module",
    'cuda',
    system('linux', OPEN_MODULE),
    'cuda (NVIDIA L4, driver NVIDIA 570.86.15; by /proc/driver/nvidia)',
  ],
  [
    'nvidia-smi',
    'cuda',
    system('linux', NVIDIA, { 'nvidia-smi': 'NVIDIA H200, 570.86.15\n' }),
    'cuda (NVIDIA H200, driver NVIDIA 570.86.15; by nvidia-smi)',
  ],
  [
    "the kernel's cards",
    'webgpu',
    system('linux', DRM),
    'webgpu (PCI 8086:3e92, driver i915 of Linux 6.1.0; by /sys/class/drm)',
  ],
  [
    "Windows' controllers",
    'dml',
    system('win32', {}, { 'powershell.exe': CONTROLLERS }),
    "dml (Intel(R) UHD Graphics 770, driver 31.0.101.4091 and NVIDIA GeForce RTX 4070, driver 31.0.15.3699; by Windows' video controllers)",
  ],
  [
    "Windows' only controller",
    'webgpu',
    system('win32', {}, { 'powershell.exe': '{"Name":"A","DriverVersion":"1"}' }),
    "webgpu (A, driver 1; by Windows' video controllers)",
  ],
  [
    'macOS',
    'coreml',
    system('darwin', {}, { system_profiler: DISPLAYS }),
    'coreml (Apple M2, driver of macOS (Darwin 6.1.0); by system_profiler)',
  ],
  ['nothing', 'webgpu', system('linux'), 'webgpu (adapter and driver unknown: the system lists none)'],
  [
    'a program that prints something else',
    'webgpu',
    system('darwin', {}, { system_profiler: 'no' }),
    'webgpu (adapter and driver unknown: the system lists none)',
  ],
] as const)('a device is described by %s', (_, device, here, expected) => {
  expect(deviceText(describeDevice(device, here)!)).toBe(expected);
});

test('the processor is no device', () => {
  expect(describeDevice('cpu', system('linux'))).toBeUndefined();
});

test('all sources that say something are in the description, so that another driver is another one', () => {
  const described = (library: string) =>
    describeDevice(
      'webgpu',
      system('linux', { ...SWIFTSHADER, ...DRM, '/opt/libvk_swiftshader.so': library }, {}, NAMED),
    )!;
  expect(described('a').listings.map(({ source }) => source)).toEqual(['the driver files of Vulkan', '/sys/class/drm']);
  expect(described('a')).toEqual(described('a'));
  expect(described('a')).not.toEqual(described('b'));
});

test('of several adapters it is said which is taken and how another one is', () => {
  const several = describeDevice('webgpu', system('linux', {}, { vulkaninfo: VULKANINFO }))!;
  expect(severalText(several)).toMatch(/^of 2 adapters onnxruntime asks for the fastest kind, .*VK_DRIVER_FILES/);
  expect(severalText(describeDevice('webgpu', system('linux', DRM))!)).toBeUndefined();
});

test.each([
  [
    'no driver',
    system('linux'),
    /^looked for drivers of Vulkan in \/home\/me\/\.config\/vulkan\/icd\.d, .*\/usr\/share\/vulkan\/icd\.d: none is there$/,
  ],
  [
    'a driver that is named',
    system('linux', SWIFTSHADER, {}, NAMED),
    'looked for drivers of Vulkan in VK_ICD_FILENAMES=/opt/vk_swiftshader_icd.json: the driver files of Vulkan has vk_swiftshader_icd',
  ],
  ['another system', system('win32'), 'the system lists none'],
])('what was looked for is said: %s', (_, here, expected) => {
  if (typeof expected === 'string') expect(lookedFor('webgpu', here)).toBe(expected);
  else expect(lookedFor('webgpu', here)).toMatch(expected);
});
