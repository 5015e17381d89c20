import type { StageDeclaration } from '../../stage-declaration.ts';

export const resolveDeclaration: StageDeclaration = {
  description: 'The net and quant.cfg resolved to a plan, as canonical values for each later stage',
  reads: { fingerprint: ['fingerprint.json', 'options.json', 'sources.json'] },
  writes: ['calibrate.json', 'train.json', 'control.json', 'export.json', 'plan.json', 'retrain_config.json'],
  stored: false,
  cached: true,
  alone: false,
  numerics: false,
  packages: ['@caffe-quant/kernels'],
};
