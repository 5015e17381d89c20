import type { RangeMethod } from '@caffe-quant/kernels';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { OPTION_LIST } from '../option-list.ts';
import type { StageOptions } from '../stage-options.ts';

/** A method that is asked for in the place of IFMR. */
export type OtherMethod = Exclude<RangeMethod, { name: 'ifmr' }>;

/**
 * How ranges are found where quant.cfg gives none.
 *
 * @returns `undefined` for IFMR
 * @throws DiagnosticsError where `percentile` says something that nothing asks for
 */
export function rangeMethod(options: StageOptions): OtherMethod | undefined {
  const { calibrationMethod: name = OPTION_LIST.calibrationMethod.default, percentile } = options;
  if (name === 'percentile') return { name, percentile: percentile ?? OPTION_LIST.percentile.default };
  if (percentile !== undefined) {
    const message = `the option percentile changes nothing with calibrationMethod: ${name}`;
    const hint = 'set calibrationMethod: percentile, or leave the option percentile out';
    throw new DiagnosticsError([{ code: 'option-without-effect', severity: 'error', message, hint }]);
  }
  return name === 'ifmr' ? undefined : { name };
}

export function methodInWords(method: OtherMethod): string {
  return method.name === 'percentile' ? `percentile ${method.percentile}` : method.name.toUpperCase();
}
