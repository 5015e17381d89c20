import type { StageDeclaration } from '../../stage-declaration.ts';

export const calibrateDeclaration: StageDeclaration = {
  description: 'Clip ranges by IFMR where the config gives none',
  reads: { fingerprint: ['fingerprint.json'], resolve: ['calibrate.json'] },
  writes: ['calibration.json', 'ranges.json'],
  stored: true,
  cached: true,
  alone: true,
  numerics: true,
  packages: ['@caffe-quant/kernels', '@caffe-quant/deploy'],
};
