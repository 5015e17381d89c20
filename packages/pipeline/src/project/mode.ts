import { OPTION_LIST } from '../option-list.ts';
import type { StageOptions } from '../stage-options.ts';

/** How the quantized models come about. */
export type Mode = NonNullable<StageOptions['mode']>;

export const modeOf = ({ mode = OPTION_LIST.mode.default }: StageOptions): Mode => mode;

/** Said to whoever has no labels. */
export const MODES_WITHOUT_LABELS =
  'without labels there are two other modes: `mode: calibrate` exports from calibration alone, `mode: distill` trains ' +
  'against the answers of the float net';
