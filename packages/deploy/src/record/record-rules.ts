import { isConvolution } from '@caffe-quant/kernels/layer-types';
import type { Diagnostic } from 'caffe-prototxt-parser';
import type { SingleLayerRecord } from '../generated/scale-offset-record-caffe.ts';

/** Distance from 1 to the next float32: AMCT takes scales from here to its reciprocal. */
export const FLT_EPSILON = 1.1920928955078125e-7;

export const isUsableScale = (scale: number): boolean => scale >= FLT_EPSILON && Math.fround(1 / scale) >= FLT_EPSILON;

/** What is wrong with the record of one layer, one sentence for each problem. */
export interface RecordProblem {
  code: string;
  severity: Diagnostic['severity'];
  message: string;
  /** The field that it is about. */
  field?: string;
}

/** Layers that a record may name. */
const isRecorded = (type: string): boolean => isConvolution(type) || type === 'InnerProduct' || type === 'Pooling';

/**
 * The rules of AMCT's documentation for the record of one layer.
 * @param type of the layer in the net; undefined: the net is not known, and rules by type are not asked.
 */
export function checkLayerRecord(record: SingleLayerRecord, type: string | undefined): RecordProblem[] {
  const problems: RecordProblem[] = [];
  const error = (code: string, message: string, field?: string): void => {
    problems.push({ code, severity: 'error', message, ...(field === undefined ? {} : { field }) });
  };
  if (type !== undefined && !isRecorded(type)) error('record-type', `is of type ${type}, which is not quantized`);
  checkData(record, error);
  checkWeights(record, type, error);
  checkShift(record, error);
  for (const field of ['channels', 'height', 'width'] as const) {
    const size = record[field];
    if (size === undefined) error('record-missing', `has no ${field}, the size of the layer's input`);
    else if (size === 0) error('record-size', `has ${field} 0`, field);
  }
  return problems;
}

type Report = (code: string, message: string, field?: string) => void;

function checkData({ scale_d: scale, offset_d: offset }: SingleLayerRecord, error: Report): void {
  if (scale === undefined) error('record-missing', 'has no scale_d');
  else if (!isUsableScale(scale)) error('record-scale', `has scale_d ${scale}, ${LEGAL_SCALE}`, 'scale_d');
  if (offset === undefined) error('record-missing', 'has no offset_d');
  else if (offset < -128 || offset > 127)
    error('record-offset', `has offset_d ${offset}, outside [-128, 127]`, 'offset_d');
}

const LEGAL_SCALE = 'which is not a scale: it must lie between 1.2e-7 and 8.4e6';

function checkWeights(record: SingleLayerRecord, type: string | undefined, error: Report): void {
  const { scale_w: scales, offset_w: offsets } = record;
  if (type === 'Pooling') {
    if (scales.length > 0) error('record-pooling', 'has scale_w, but average pooling has no weights', 'scale_w');
    if (offsets.length > 0) error('record-pooling', 'has offset_w, but average pooling has no weights', 'offset_w');
    return;
  }
  if (type !== undefined && scales.length === 0) error('record-missing', 'has no scale_w');
  if (scales.length !== offsets.length) {
    error('record-length', `has ${scales.length} scale_w and ${offsets.length} offset_w: they go in pairs`, 'offset_w');
  }
  if (type !== undefined && scales.length > 1 && !isConvolution(type)) {
    error('record-length', `has ${scales.length} scale_w, but ${type} takes one`, 'scale_w');
  }
  const illegal = scales.find((scale) => !isUsableScale(scale));
  if (illegal !== undefined) error('record-scale', `has scale_w ${illegal}, ${LEGAL_SCALE}`, 'scale_w');
  const shifted = offsets.find((offset) => offset !== 0);
  if (shifted !== undefined) error('record-offset', `has offset_w ${shifted}: weights have offset 0`, 'offset_w');
}

function checkShift({ shift_bit: shifts, scale_w: scales }: SingleLayerRecord, error: Report): void {
  if (shifts.length === 0) return;
  const allZero = shifts.every((shift) => shift === 0);
  if (!allZero && !shifts.every((shift) => shift >= 1 && shift <= 16)) {
    error('record-shift', 'has shift_bit values that are neither all 0 nor all in [1, 16]', 'shift_bit');
  }
  if (shifts.length !== scales.length) {
    error('record-length', `has ${shifts.length} shift_bit and ${scales.length} scale_w`, 'shift_bit');
  }
}
