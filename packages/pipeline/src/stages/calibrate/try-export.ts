import type { NetGraph } from '@caffe-quant/caffe-io';
import { exportModels, IntegerModel, type ExportInput } from '@caffe-quant/deploy';
import { type Diagnostic, DiagnosticsError, hasErrors } from 'caffe-prototxt-parser';
import type { Project } from '../../project/project.ts';
import { reportedInFiles } from '../../project/net-lines.ts';
import type { NetWithData } from '../net-data.ts';

/**
 * Exports the models as they would be without training, and opens the integer one, for nothing but the errors: what
 * cannot be exported should not be found out after hours of training.
 *
 * @throws DiagnosticsError where the net, its weights or its ranges cannot be exported, with places in the user's files
 * @throws Error where a file that was written here cannot be read here
 */
export async function tryExport(
  project: Project,
  { graph, data }: NetWithData,
  quantized: Pick<ExportInput, 'plan' | 'weights' | 'clips' | 'phases'>,
): Promise<void> {
  const { netText, netFiles, deployFile, deployText, prefix } = project;
  const deploy = deployFile && deployText !== undefined ? { deploy: { text: deployText, file: deployFile.shown } } : {};
  const net = { text: netText, file: netFiles.TEST.shown };
  const inputShapes = data.inputShapes();
  const { files } = reportedInFiles(project, () => exportModels({ net, ...deploy, ...quantized, inputShapes, prefix }));
  const text = (name: string) => ({ text: files.get(`${prefix}_${name}`) as string, file: `${prefix}_${name}` });
  const weights = `${prefix}_deploy_weights.caffemodel`;
  try {
    const model = await IntegerModel.create({
      files: {
        prototxt: text('deploy_model.prototxt'),
        caffemodel: { bytes: files.get(weights) as Uint8Array, file: weights },
        record: text('scale_offset_record.txt'),
      },
      batchSize: 1,
    });
    await model.close();
  } catch (error) {
    throw error instanceof DiagnosticsError ? aboutTheNet(error, graph, new Set(files.keys())) : error;
  }
}

/**
 * An error of the integer model with the user's net as its place. What it says of a layer holds for the layer that the user
 * wrote; an error in anything else of a file that was written here is a fault of this program.
 */
export function aboutTheNet(
  error: DiagnosticsError,
  { layers, file }: Pick<NetGraph, 'layers' | 'file'>,
  own: ReadonlySet<string>,
): Error {
  const lines = new Map(layers.map(({ name, line }) => [name, line]));
  const moved: Diagnostic[] = [];
  for (const diagnostic of error.diagnostics) {
    const { file: of, layer, line, column: _, ...rest } = diagnostic;
    if (of === undefined || !own.has(of)) {
      moved.push(diagnostic);
    } else if (of.endsWith('.prototxt') && layer !== undefined) {
      const at = lines.get(layer);
      moved.push({ ...rest, file, layer, ...(at !== undefined && { line: at }) });
    } else if (hasErrors([diagnostic])) {
      const place = line === undefined ? of : `${of}, line ${line}`;
      return new Error(`internal error: ${place}: ${diagnostic.message}`);
    }
  }
  return new DiagnosticsError(moved);
}
