import type { StageDeclaration } from '../../stage-declaration.ts';

export const evaluateDeclaration: StageDeclaration = {
  description: 'Accuracy of the float, post-training, fake-quant and integer models',
  reads: {
    fingerprint: ['fingerprint.json'],
    resolve: ['export.json'],
    calibrate: ['calibration.json', 'calibrated.caffemodel'],
    train: ['training.json'],
    control: ['control.json'],
    export: 'all',
  },
  writes: ['evaluation.json'],
  stored: true,
  cached: true,
  alone: true,
  numerics: true,
  packages: ['@caffe-quant/kernels', '@caffe-quant/deploy'],
};
