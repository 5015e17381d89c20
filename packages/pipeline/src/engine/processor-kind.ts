import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Extensions that onnxruntime's kernels choose by. */
const EXTENSIONS = [
  'avx',
  'avx2',
  'fma',
  'f16c',
  'avx512f',
  'avx512bw',
  'avx512_vnni',
  'avx512_bf16',
  'avx_vnni',
  'amx_int8',
  'amx_bf16',
  'asimddp',
  'i8mm',
  'bf16',
  'sve',
];

/**
 * The kind of processor that this is: equal kinds compute equal bytes. The instruction set where the system tells it,
 * else the model.
 */
export function processorKind(): string {
  const flags = readCpuFlags();
  const kind = flags ? EXTENSIONS.filter((extension) => flags.has(extension)).join('+') : cpus()[0]?.model;
  return `${process.arch} ${kind || 'generic'}`;
}

function readCpuFlags(): ReadonlySet<string> | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const line = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1];
    return line === undefined ? undefined : new Set(line.trim().split(/\s+/));
  } catch {
    return undefined;
  }
}
