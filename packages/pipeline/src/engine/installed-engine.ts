import { NUMERICS_VERSION } from '@caffe-quant/kernels/numerics-version';
import { findEnginePackage } from './find-package.ts';

/** What decides the numbers besides a stage's inputs. */
export interface InstalledEngine {
  readonly numericsVersion: number;
  /** Version of onnxruntime-node; `unknown` where the package manager hides it. */
  readonly onnxruntime: string;
  /** Version of sharp, which decodes images. */
  readonly imageDecoder: string;
  /** Version of this repository's packages. */
  readonly version: string;
}

export function installedEngine(workspaceRoot: string): InstalledEngine {
  return {
    numericsVersion: NUMERICS_VERSION,
    onnxruntime: findEnginePackage('onnxruntime-node', workspaceRoot)?.version ?? 'unknown',
    imageDecoder: findEnginePackage('sharp', workspaceRoot)?.version ?? 'unknown',
    version: findEnginePackage('@caffe-quant/pipeline', workspaceRoot)?.version ?? 'unknown',
  };
}
