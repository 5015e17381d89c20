import type { StageOptions } from '../stage-options.ts';

/** What an attempt changes, in the order of what it costs. */
export type AttemptChange =
  /** Calibration alone, without training. */
  | {
      readonly kind: 'calibrate';
      /** Options besides the project's own. */
      readonly options?: StageOptions;
      /** Times as many batches to measure ranges on. */
      readonly batches?: number;
      /** Whether it changes nothing but measured ranges: of no use where the config gives them all. */
      readonly ofRanges?: boolean;
      /** Of those that exclude each other only one is combined with others. */
      readonly insteadOf?: string;
    }
  /** All that helped of the attempts before it, together. */
  | { readonly kind: 'combine' }
  /** The best calibration so far, with at most so many layers left float: those that cost most. */
  | { readonly kind: 'float'; readonly layers: number }
  /** Half way between the fewest float layers that held and the most that did not. */
  | { readonly kind: 'fewer' }
  /** Training from the best calibration so far, for a share of the project's iterations. */
  | { readonly kind: 'train'; readonly share: number };

export interface AttemptDeclaration {
  /** In a few words, for tables and for Nx. */
  readonly description: string;
  readonly change: AttemptChange;
}

/**
 * The one list of attempts, from cheap to dear: Nx's targets, the order of the search and the table of its end follow from
 * it. Attempts of one rung need nothing of each other and may run at the same time; each knows the results of all rungs
 * before its own, and ends at once where one of them has held.
 */
export const LADDER: readonly Readonly<Record<string, AttemptDeclaration>>[] = [
  {
    calibrated: { description: 'calibration, as the config has it', change: { kind: 'calibrate' } },
  },
  {
    'more-batches': {
      description: 'ranges measured on eight times as many batches',
      change: { kind: 'calibrate', batches: 8, ofRanges: true },
    },
    ...Object.fromEntries(
      (['percentile', 'mse', 'kl'] as const).map((method) => [
        method,
        {
          description: `ranges by ${method}`,
          change: {
            kind: 'calibrate',
            options: { calibrationMethod: method },
            ofRanges: true,
            insteadOf: 'calibrationMethod',
          },
        } as const,
      ]),
    ),
    equalized: {
      description: 'weights of neighbouring layers equalized',
      change: { kind: 'calibrate', options: { crossLayerEqualization: true } },
    },
    rounded: {
      description: 'rounding of the weights learned',
      change: { kind: 'calibrate', options: { weightRounding: 'learned' } },
    },
    'bias-corrected': {
      description: 'biases corrected',
      change: { kind: 'calibrate', options: { biasCorrection: true } },
    },
  },
  {
    combined: { description: 'all of the above that helped', change: { kind: 'combine' } },
  },
  {
    'float-1': { description: 'one layer left float', change: { kind: 'float', layers: 1 } },
    'float-2': { description: 'two layers left float', change: { kind: 'float', layers: 2 } },
  },
  {
    'float-4': { description: 'up to 4 layers left float', change: { kind: 'float', layers: 4 } },
    'float-8': { description: 'up to 8 layers left float', change: { kind: 'float', layers: 8 } },
  },
  {
    'float-16': { description: 'up to 16 layers left float', change: { kind: 'float', layers: 16 } },
  },
  ...[1, 2, 3].map((step) => ({
    [`fewer-${step}`]: {
      description: 'fewer float layers, half way to what did not hold',
      change: { kind: 'fewer' },
    } as const,
  })),
  {
    'trained-tenth': { description: 'training, a tenth of its iterations', change: { kind: 'train', share: 0.1 } },
  },
  {
    'trained-third': { description: 'training, a third of its iterations', change: { kind: 'train', share: 1 / 3 } },
  },
  {
    'trained-whole': { description: 'training, all of its iterations', change: { kind: 'train', share: 1 } },
  },
];

/** By name, in the order of the table. */
export const ATTEMPTS: ReadonlyMap<string, AttemptDeclaration> = new Map(
  LADDER.flatMap((rung) => Object.entries(rung)),
);

export const ATTEMPT_NAMES: readonly string[] = [...ATTEMPTS.keys()];

/** The attempts of the rung before an attempt's own; of the first rung's none. */
export function attemptsJustBefore(name: string): string[] {
  return Object.keys(LADDER[rungOf(name) - 1] ?? {});
}

/** The attempts of all rungs before an attempt's own. */
export function attemptsBefore(name: string): string[] {
  return LADDER.slice(0, rungOf(name)).flatMap((rung) => Object.keys(rung));
}

/** The rung's place in the ladder, from 0. */
export function rungOf(name: string): number {
  const rung = LADDER.findIndex((attempts) => Object.hasOwn(attempts, name));
  if (rung < 0) throw new RangeError(`there is no attempt ${name}`);
  return rung;
}

/** In a project's output folder: a folder for each attempt, and the folder of what the search found. */
export const ATTEMPTS_FOLDER = 'search-attempts';
export const SEARCH_FOLDER = 'search';

/** What an attempt leaves: `RESULT_FILE` follows from its inputs, `COST_FILE` does not. */
export const RESULT_FILE = 'attempt.json';
export const COST_FILE = 'cost.json';

/** What the two kinds of targets are, in front of people. */
export const SEARCH_DESCRIPTION = 'The cheapest way to the accuracy of thresholds.json, and the quant.cfg for it';
export const ATTEMPT_DESCRIPTION = 'One attempt of a search';
