import type { NumericCase } from '../numeric-check.ts';
import { LOSS_CASES } from './loss-cases.ts';
import { MULTIBOX_CASES } from './multibox-cases.ts';
import { RANDOM_CASES } from './random-cases.ts';
import { SHAPE_CASES } from './shape-cases.ts';
import { WINDOW_CASES } from './window-cases.ts';

/** Every case that is held against float64. */
export const NUMERIC_CASES: readonly NumericCase[] = [
  ...LOSS_CASES,
  ...MULTIBOX_CASES,
  ...RANDOM_CASES,
  ...SHAPE_CASES,
  ...WINDOW_CASES,
];
