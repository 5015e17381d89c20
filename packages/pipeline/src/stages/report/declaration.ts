import type { StageDeclaration } from '../../stage-declaration.ts';

export const reportDeclaration: StageDeclaration = {
  description: 'One HTML page about the run',
  reads: {
    fingerprint: ['fingerprint.json'],
    resolve: ['plan.json'],
    calibrate: 'all',
    train: 'all',
    export: 'all',
    evaluate: 'all',
  },
  writes: ['*_report.html'],
  stored: true,
  cached: true,
  alone: false,
  numerics: false,
  packages: ['@caffe-quant/report'],
};
