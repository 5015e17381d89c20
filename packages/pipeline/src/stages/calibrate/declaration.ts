import type { StageDeclaration } from '../../stage-declaration.ts';

export const calibrateDeclaration: StageDeclaration = {
  description: 'Clip ranges where the config gives none, and weights that quantize better',
  reads: { fingerprint: ['fingerprint.json'], resolve: ['calibrate.json'] },
  writes: ['calibration.json', 'ranges.json', 'calibrated.caffemodel'],
  stored: true,
  cached: true,
  alone: true,
  numerics: true,
  packages: ['@caffe-quant/kernels', '@caffe-quant/deploy'],
};
