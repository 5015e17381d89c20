import { readFileSync } from 'node:fs';
import type { Phase, SourceFingerprint } from '@caffe-quant/caffe-io';
import type { DeviceDescription } from '@caffe-quant/kernels/devices';

/** `fingerprint.json`: what the data and the weights are, by content, and what computes. No paths of this machine, no times. */
export interface Fingerprint {
  readonly weights: { readonly size: number; readonly sha256: string };
  /** By the path that the prototxt gives. */
  readonly data: Readonly<Record<string, SourceFingerprint & { readonly phases: readonly Phase[] }>>;
  /** Adapter and driver, as far as they are known. Absent: the processor. */
  readonly device?: DeviceDescription;
}

export function readFingerprint(file: string): Fingerprint {
  return JSON.parse(readFileSync(file, 'utf8')) as Fingerprint;
}

/** Digests of the data that a net reads in one phase. */
export function dataOf({ data }: Fingerprint, phase: Phase): object {
  return Object.fromEntries(Object.entries(data).filter(([, { phases }]) => phases.includes(phase)));
}
