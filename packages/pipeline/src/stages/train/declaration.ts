import type { StageDeclaration } from '../../stage-declaration.ts';

export const trainDeclaration: StageDeclaration = {
  description: 'Quantization-aware training: ULQ on the inputs, ARQ on the weights',
  reads: {
    fingerprint: ['fingerprint.json'],
    resolve: ['train.json'],
    calibrate: ['ranges.json', 'calibrated.caffemodel'],
  },
  writes: ['trained.caffemodel', 'training.json', 'metrics.jsonl'],
  stored: true,
  cached: true,
  alone: true,
  numerics: true,
  packages: ['@caffe-quant/kernels', '@caffe-quant/deploy'],
};
