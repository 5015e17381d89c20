import { DiagnosticsError } from 'caffe-prototxt-parser';
import { loadOnnxruntime } from './onnxruntime.ts';

/** What computes a graph, by the name of onnxruntime's execution provider. The same bytes are promised for `cpu` alone. */
export const DEVICES = ['cpu', 'cuda', 'webgpu', 'dml', 'coreml'] as const;
export type Device = (typeof DEVICES)[number];

/** Where onnxruntime-node has each of the others. Source: its release notes and install script. */
const WHERE: Readonly<Record<Exclude<Device, 'cpu'>, string>> = {
  cuda:
    'cuda needs Linux x64 with CUDA 12 and cuDNN 9, and the libraries that the install script of onnxruntime-node ' +
    'fetches: write "overrides": { "onnxruntime-node": "1.30.0" } into package.json, and install with ' +
    'ONNXRUNTIME_NODE_INSTALL=cuda12 and with install scripts allowed',
  webgpu: 'webgpu needs Windows or Linux, a graphics card and its driver (on Linux with Vulkan: libvulkan1)',
  dml: 'dml is DirectML: it needs Windows 10 or later and a graphics card with DirectX 12',
  coreml: 'coreml needs macOS',
};

/** @throws DiagnosticsError where this installation of onnxruntime does not have the device at all. */
export async function checkDevice(device: Device): Promise<void> {
  const { listSupportedBackends } = await loadOnnxruntime();
  const offered = listSupportedBackends().map(({ name }) => name);
  if (!offered.includes(device)) throw unavailable(device, `it offers ${offered.join(', ')}`);
}

/**
 * What is said where a device does not work.
 * @param why onnxruntime's own words
 */
export function unavailable(device: Device, why: string): DiagnosticsError {
  const reason = firstSentence(why);
  const message = `the device '${device}' cannot be used with the installed onnxruntime-node on this machine: ${reason}`;
  const hint = device === 'cpu' ? 'install onnxruntime-node again' : `${WHERE[device]}; or leave the option device out`;
  return new DiagnosticsError([{ code: 'device', severity: 'error', message, hint }]);
}

/** Without the place in onnxruntime's source that its messages begin with. */
function firstSentence(text: string): string {
  return text
    .trim()
    .split('\n')[0]!
    .replace(/^\/\S+:\d+ .*?\) ?(?=\S+ was false|[A-Z])/, '');
}
