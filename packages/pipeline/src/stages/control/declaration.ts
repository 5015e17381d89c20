import type { StageDeclaration } from '../../stage-declaration.ts';

export const controlDeclaration: StageDeclaration = {
  description: 'The same training without quantizers: what training gains and what quantization costs',
  reads: { fingerprint: ['fingerprint.json'], resolve: ['control.json'] },
  waitsFor: ['train'],
  writes: ['control.json'],
  stored: true,
  cached: true,
  alone: true,
  numerics: true,
  packages: ['@caffe-quant/kernels', '@caffe-quant/deploy'],
};
