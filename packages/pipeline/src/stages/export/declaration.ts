import type { StageDeclaration } from '../../stage-declaration.ts';

/** The models, the record and what says how they came about. */
export const EXPORTED_FILES = [
  '*_retrain_model.prototxt',
  '*_retrain_model.caffemodel',
  '*_scale_offset_record.txt',
  '*_fake_quant_model.prototxt',
  '*_fake_quant_weights.caffemodel',
  '*_deploy_model.prototxt',
  '*_deploy_weights.caffemodel',
  '*_caffe_model.prototxt',
  '*_caffe_model.caffemodel',
  '*_quant.json',
  '*_int8.onnx',
] as const;

export const exportDeclaration: StageDeclaration = {
  description: 'Record, fake-quant, deploy, plain Caffe and ONNX models',
  reads: { fingerprint: ['fingerprint.json'], resolve: ['export.json'], train: 'all' },
  writes: [...EXPORTED_FILES, 'quantized.json'],
  stored: true,
  cached: true,
  alone: false,
  numerics: true,
  packages: ['@caffe-quant/kernels', '@caffe-quant/deploy'],
};
