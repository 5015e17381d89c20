import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportModels, OnnxModel } from '@caffe-quant/deploy';
import { canonicalJson } from '@caffe-quant/resolver';
import { inFiles, reportedInFiles } from '../../project/net-lines.ts';
import type { ExportInput } from './input.ts';
import type { Stage } from '../../stage.ts';
import type { QuantizedNumbers } from './quantized-numbers.ts';
import { exportedPhases, openTrained, readJson, readTrained } from '../net-data.ts';

/**
 * Writes the retrain, the fake-quant, the deploy, the plain Caffe and the ONNX model and the record; and
 * `quantized.json`, the scales of every quantized layer. An ONNX model that onnxruntime does not open is not delivered.
 */
export const exportStage: Stage = {
  name: 'export',
  async run({ project: load, input, out, warn }) {
    const project = await load();
    const settings = readJson<ExportInput>(input('resolve', 'export.json'));
    const file = project.netFiles.TEST.shown;
    const net = await openTrained(project, settings);
    const inputShapes = net.data.inputShapes();
    await net.data.close();
    const { weights, clips } = readTrained(input('train'));
    const { files, layers, diagnostics } = reportedInFiles(project, () =>
      exportModels({
        net: { text: settings.net, file },
        ...(settings.deploy !== undefined && { deploy: { text: settings.deploy, file: project.deployFile!.shown } }),
        plan: settings.plan,
        weights,
        clips,
        inputShapes,
        prefix: settings.prefix,
        ...exportedPhases(settings),
      }),
    );
    warn(inFiles(project, diagnostics));
    const onnx = await OnnxModel.open(files.get(`${settings.prefix}_int8.onnx`) as Uint8Array, file);
    await onnx.close();
    for (const [name, content] of files) await writeFile(join(out, name), content);
    const numbers: QuantizedNumbers = Object.fromEntries(
      layers.map(({ name, data, weights: quantized }) => [
        name,
        {
          quantizer: data.quantizer,
          clip: data.clip,
          scaleD: data.grid.scale,
          offsetD: data.grid.zeroPoint,
          ...(quantized && { scaleW: [...quantized.scales], channelWise: quantized.channelWise }),
          ...(quantized?.deadChannels && { deadChannels: [...quantized.deadChannels] }),
          ...(quantized?.coarseChannels && { coarseChannels: [...quantized.coarseChannels] }),
        },
      ]),
    );
    await writeFile(join(out, 'quantized.json'), canonicalJson(numbers));
  },
};
