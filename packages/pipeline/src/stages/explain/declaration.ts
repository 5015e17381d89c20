import type { StageDeclaration } from '../../stage-declaration.ts';

export const explainDeclaration: StageDeclaration = {
  description: 'Per layer: what quant.cfg makes of it, and why',
  reads: {},
  writes: ['explain.txt', 'explain.json'],
  stored: false,
  cached: false,
  alone: false,
  numerics: false,
  packages: ['@caffe-quant/kernels', '@caffe-quant/resolver'],
};
