export { exportModels } from './export-models.ts';
export type { ExportedModels, ExportInput } from './export-models.ts';
export { IntegerModel } from './integer/integer-model.ts';
export type { DeployFiles } from './integer/integer-model.ts';
export { inferenceGraph, inferenceNet } from './net/inference-net.ts';
export { compareOnnx } from './onnx/compare-onnx.ts';
export type { OnnxComparison } from './onnx/compare-onnx.ts';
export { OnnxModel } from './onnx/onnx-model.ts';
