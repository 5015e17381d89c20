import type { GraphLayer, Phase } from '@caffe-quant/caffe-io';
import type { MessageNode, TextDocument } from 'caffe-prototxt-parser';
import {
  DiagnosticsError,
  escapeString,
  fieldsOf,
  findField,
  insertBefore,
  messagesOf,
  printText,
  removeField,
  scalarText,
} from 'caffe-prototxt-parser';
import type { Mode } from '../project/mode.ts';
import { checkLoss } from '../project/read-net.ts';
import type { NamedText } from './net-of-text.ts';
import { netOfText } from './net-of-text.ts';
import { pointData } from './point-data.ts';

/** Where the prototxt does not say how many records it takes at once, or one. */
const BATCH_SIZE = 16;

/**
 * The prototxt of a net made one that a mode can run: with the data sets that are given, in its data layers or, for a net
 * for inference alone, in a data layer that takes the place of its input. Everything else of the prototxt stays.
 *
 * @param sources by phase; a phase without one keeps what it has, or shares the other's where a data layer is new
 * @param backend of the data sets, for a data layer that is new
 * @throws DiagnosticsError where the prototxt is not a sound net; where it has no loss in the mode `retrain`, with the modes that
 *   need none; and where it takes its data from outside and none are given
 */
export function netForMode(
  netText: NamedText,
  mode: Mode,
  sources: Readonly<Partial<Record<Phase, string>>>,
  backend: Backend = 'LMDB',
): string {
  const { net, train, test } = netOfText(netText);
  if (mode === 'retrain') {
    const problems = checkLoss(train);
    if (problems.length > 0) throw new DiagnosticsError(problems);
  }
  const inputs = test.layers.filter(({ type }) => type === 'Input');
  const [input, ...others] = inputs.flatMap((layer) => layer.tops.map(({ name }) => ({ layer, top: name })));
  if (input === undefined || mode === 'retrain') return pointData(netText, sources);
  const { TRAIN = sources.TEST, TEST } = sources;
  if (others.length > 0) {
    const tops = [input, ...others].map(({ top }) => `'${top}'`).join(', ');
    throw problem(netText, `the net takes several inputs from outside: ${tops}`, 'put data layers in their place');
  }
  if (TRAIN === undefined) {
    throw problem(
      netText,
      `the net takes its input '${input.top}' from outside, so there is nothing to calibrate it on`,
      'give a data set; labels are not needed',
    );
  }
  return replaceInput(net.document, input.layer, input.top, { backend, TRAIN, ...(TEST !== undefined && { TEST }) });
}

type Backend = 'LMDB' | 'LEVELDB';

interface Sources {
  readonly backend: Backend;
  readonly TRAIN: string;
  readonly TEST?: string;
}

function replaceInput(document: TextDocument, input: GraphLayer, top: string, sources: Sources): string {
  const written = messagesOf(document, 'layer').filter(isInput);
  const fields = ['input', 'input_shape', 'input_dim'].flatMap((name) => fieldsOf(document, name));
  const [anchor] = [...written, ...fields];
  if (anchor === undefined) throw new Error('the input of a net is written nowhere');
  const isOld = fieldsOf(document, 'layers').length > 0;
  insertBefore(anchor, dataLayers(input, top, sources, isOld));
  for (const node of [...written, ...fields]) removeField(node, { keepComments: true });
  return printText(document);
}

function isInput(layer: MessageNode): boolean {
  const value = findField(layer, 'type')?.value;
  return value?.kind === 'scalar' && scalarText(value) === 'Input';
}

/** @param isOld whether the net is of before 2015, which a file is as a whole */
function dataLayers(input: GraphLayer, top: string, sources: Sources, isOld: boolean): string {
  const [batch = 0, , height, width] = input.param.input_param?.shape[0]?.dim.map(Number) ?? [];
  const crop = height !== undefined && height === width ? `\n    crop_size: ${height}` : '';
  const { backend, ...byPhase } = sources;
  const phases = Object.entries(byPhase).map(([phase, source]) => ({ phase, source }));
  const layer = ({ phase, source }: { phase: string; source: string }): string => `${isOld ? 'layers' : 'layer'} {
  name: "data"
  type: ${isOld ? 'DATA' : '"Data"'}
  top: ${escapeString(top, true)}${phases.length > 1 ? `\n  include { phase: ${phase} }` : ''}
  # What was done to the images that the net was trained on belongs here: scale, mean_value or mean_file.
  transform_param {${crop}
  }
  data_param {
    source: ${escapeString(source, true)}
    batch_size: ${batch > 1 ? batch : BATCH_SIZE}
    backend: ${backend}
  }
}`;
  return phases.map(layer).join('\n');
}

function problem({ file }: NamedText, message: string, hint: string): DiagnosticsError {
  return new DiagnosticsError([{ code: 'no-data', severity: 'error', message, file, hint }]);
}
