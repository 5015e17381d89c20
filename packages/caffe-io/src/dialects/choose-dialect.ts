import { numberedFields } from '../wire/numbered-fields.ts';
import { type Dialect, DIALECTS, dialectSchema } from './dialect-schema.ts';

/** A layer of a binary file, before it is known whose numbers it is written in. */
export interface LayerEvidence {
  type: string;
  /** Numbers of its fields. */
  numbers: Iterable<number>;
}

/**
 * The dialect in which the fields of a file's layers suit the layers' types: number 204 in a layer of type
 * "DetectionOutput" is `detection_output_param`, so SSD's, and not AMCT's `yolov2_detection_output_param`. BVLC's where
 * nothing speaks for another.
 */
export function chooseDialect(layers: readonly LayerEvidence[]): Dialect {
  let best: Dialect = 'bvlc';
  let bestScore = score('bvlc', layers);
  for (const dialect of DIALECTS) {
    const points = score(dialect, layers);
    if (points > bestScore) [best, bestScore] = [dialect, points];
  }
  return best;
}

/** Parameters of layers that suit their types, less those that do not. */
function score(dialect: Dialect, layers: readonly LayerEvidence[]): number {
  const { byNumber } = numberedFields(dialectSchema(dialect, 'LayerParameter'));
  let points = 0;
  for (const { type, numbers } of layers) {
    for (const number of numbers) {
      const field = byNumber.get(number);
      if (field?.kind !== 'message' || !field.name.endsWith('_param')) continue;
      if (suits(field.name, type)) points++;
      else if (!SHARED.has(field.name)) points--;
    }
  }
  return points;
}

/** Parameters that layers of several types have. */
const SHARED: ReadonlySet<string> = new Set(['transform_param', 'loss_param', 'data_param', 'quantization_param']);

/** Parameters whose name has nothing of the layer's type. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  retrain_data_quant_param: ['ActivationQAT', 'RetrainDataQuant'],
  retrain_weight_quant_param: ['WeightQAT', 'RetrainWeightQuant'],
  st_param: ['SpatialTransformer'],
  recurrent_param: ['LSTM', 'RNN'],
  quantization_param: ['ConvolutionRistretto', 'DeconvolutionRistretto', 'FcRistretto', 'LRNRistretto'],
};

function suits(fieldName: string, type: string): boolean {
  if (OTHER_NAMES[fieldName]?.includes(type) === true) return true;
  const name = fieldName.slice(0, -'_param'.length).replaceAll('_', '');
  const kind = type.toLowerCase().replaceAll('_', '');
  return kind.startsWith(name) || name.startsWith(kind);
}
