import { readFileSync } from 'node:fs';
import type { Phase, SourceFingerprint } from '@caffe-quant/caffe-io';

/** `fingerprint.json`: what the data and the weights are, by content. No paths of this machine, no times. */
export interface Fingerprint {
  readonly weights: { readonly size: number; readonly sha256: string };
  /** By the path that the prototxt gives. */
  readonly data: Readonly<Record<string, SourceFingerprint & { readonly phases: readonly Phase[] }>>;
}

export function readFingerprint(file: string): Fingerprint {
  return JSON.parse(readFileSync(file, 'utf8')) as Fingerprint;
}
