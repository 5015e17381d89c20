export { exportModels } from './export-models.ts';
export type { ExportedModels, ExportInput } from './export-models.ts';
export type { ScaleOffsetRecord, SingleLayerRecord } from './generated/scale-offset-record-caffe.ts';
export { IntegerModel } from './integer/integer-model.ts';
export type { DeployFiles, IntegerModelOptions } from './integer/integer-model.ts';
export type { NetSource } from './net/editable-net.ts';
export { inferenceGraph, inferenceNet } from './net/inference-net.ts';
export { compareOnnx } from './onnx/compare-onnx.ts';
export type { ComparedOnnx, OnnxComparison, OnnxOutput, OnnxRecords } from './onnx/compare-onnx.ts';
export { OnnxModel } from './onnx/onnx-model.ts';
export type { Preprocessing } from './onnx/preprocessing.ts';
export type {
  FoldedLayers,
  QuantizedBias,
  QuantizedData,
  QuantizedLayer,
  QuantizedWeights,
} from './quantized/quantized-layer.ts';
export { formatRecord, readRecord, recordOf } from './record/scale-offset-record.ts';
export type { RecordText } from './record/scale-offset-record.ts';
