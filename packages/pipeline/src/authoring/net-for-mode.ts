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
import type { GivenData } from './data-kind.ts';
import type { NamedText } from './net-of-text.ts';
import { netOfText } from './net-of-text.ts';
import { OLD_TYPES, pointData } from './point-data.ts';
import type { Preparation } from './preparation.ts';

/** Where the prototxt does not say how many records it takes at once, or one. */
const BATCH_SIZE = 16;

/**
 * The prototxt of a net made one that a mode can run: with the data sets that are given, in its data layers or, for a net
 * for inference alone, in a data layer that takes the place of its input. Everything else of the prototxt stays.
 *
 * @param sources by phase; a phase without one keeps what it has, or shares the other's where a data layer is new
 * @param preparation of the images; what it does not say stays as the prototxt has it
 * @throws DiagnosticsError where the prototxt is not a sound net; where it has no loss in the mode `retrain`, with the modes that
 *   need none; and where it takes its data from outside and none are given
 */
export function netForMode(
  netText: NamedText,
  mode: Mode,
  sources: Readonly<Partial<Record<Phase, GivenData>>>,
  preparation: Preparation = {},
): string {
  const { net, train, test } = netOfText(netText);
  if (mode === 'retrain') {
    const problems = checkLoss(train);
    if (problems.length > 0) throw new DiagnosticsError(problems);
  }
  const inputs = test.layers.filter(({ type }) => type === 'Input');
  const [input, ...others] = inputs.flatMap((layer) => layer.tops.map(({ name }) => ({ layer, top: name })));
  if (input === undefined || mode === 'retrain') return pointData(netText, sources, preparation);
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
  const byPhase = { TRAIN, ...(TEST !== undefined && { TEST }) };
  const text = replaceInput(net.document, input.layer, input.top, byPhase, preparation);
  // What is asked for goes over what follows from the input.
  return pointData({ file: netText.file, text }, {}, preparation);
}

type Sources = Readonly<Partial<Record<Phase, GivenData>>>;

function replaceInput(
  document: TextDocument,
  input: GraphLayer,
  top: string,
  sources: Sources,
  { mean, scale }: Preparation,
): string {
  const written = messagesOf(document, 'layer').filter(isInput);
  const fields = ['input', 'input_shape', 'input_dim'].flatMap((name) => fieldsOf(document, name));
  const [anchor] = [...written, ...fields];
  if (anchor === undefined) throw new Error('the input of a net is written nowhere');
  const isOld = fieldsOf(document, 'layers').length > 0;
  const layers = dataLayers(input, top, sources, isOld);
  const isSaid = mean !== undefined || scale !== undefined;
  insertBefore(anchor, isSaid ? layers.replaceAll(`${PREPARED_LIKE}\n`, '') : layers);
  for (const node of [...written, ...fields]) removeField(node, { keepComments: true });
  return printText(document);
}

function isInput(layer: MessageNode): boolean {
  const value = findField(layer, 'type')?.value;
  return value?.kind === 'scalar' && scalarText(value) === 'Input';
}

/** @param isOld whether the net is of before 2015, which a file is as a whole */
function dataLayers(input: GraphLayer, top: string, sources: Sources, isOld: boolean): string {
  const dims = input.param.input_param?.shape[0]?.dim.map(Number) ?? [];
  const phases = Object.entries(sources);
  return phases
    .map(([phase, given]) => {
      const { type = 'Data', ...kind } = given.kind ?? {};
      return `${isOld ? 'layers' : 'layer'} {
  name: "data"
  type: ${isOld ? OLD_TYPES[type] : `"${type}"`}
  top: ${escapeString(top, true)}${phases.length > 1 ? `\n  include { phase: ${phase} }` : ''}
${SETTINGS[type](given.source, dims, 'backend' in kind ? kind.backend : 'LMDB')}
}`;
    })
    .join('\n');
}

/** What a data layer of a type says in the place of an input of this shape. */
const SETTINGS: Readonly<Record<DataType, (source: string, dims: readonly number[], backend: string) => string>> = {
  Data(source, [batch = 0, , height, width], backend) {
    const crop = height !== undefined && height === width ? `\n    crop_size: ${height}` : '';
    return `${PREPARED_LIKE}
  transform_param {${crop}
  }
  data_param {
    source: ${escapeString(source, true)}
    batch_size: ${batchSize(batch)}
    backend: ${backend}
  }`;
  },
  ImageData(source, [batch = 0, channels, height, width]) {
    const size =
      height === undefined || width === undefined ? '' : `\n    new_height: ${height}\n    new_width: ${width}`;
    return `${PREPARED_LIKE}
  transform_param {
  }
  image_data_param {
    source: ${escapeString(source, true)}
    batch_size: ${batchSize(batch)}${size}${channels === 1 ? '\n    is_color: false' : ''}
  }`;
  },
  HDF5Data: (source, [batch = 0]) => `  hdf5_data_param {
    source: ${escapeString(source, true)}
    batch_size: ${batchSize(batch)}
  }`,
};

const PREPARED_LIKE =
  '  # What was done to the images that the net was trained on belongs here: scale, mean_value or mean_file.';

type DataType = NonNullable<GivenData['kind']>['type'];

const batchSize = (batch: number): number => (batch > 1 ? batch : BATCH_SIZE);

function problem({ file }: NamedText, message: string, hint: string): DiagnosticsError {
  return new DiagnosticsError([{ code: 'no-data', severity: 'error', message, file, hint }]);
}
