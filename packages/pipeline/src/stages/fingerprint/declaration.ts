import type { StageDeclaration } from '../../stage-declaration.ts';

export const fingerprintDeclaration: StageDeclaration = {
  description: 'Digests of the data sets, the weights and the project files',
  reads: {},
  writes: ['fingerprint.json', 'options.json', 'sources.json'],
  stored: false,
  cached: false,
  alone: false,
  numerics: false,
  packages: ['@caffe-quant/resolver'],
};
