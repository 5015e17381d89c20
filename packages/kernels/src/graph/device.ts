/** What computes a graph, by the name of onnxruntime's execution provider. The same bytes are promised for `cpu` alone. */
export const DEVICES = ['cpu', 'cuda', 'webgpu', 'dml', 'coreml'] as const;
export type Device = (typeof DEVICES)[number];
