import type { NetGraph } from '@caffe-quant/caffe-io';
import { shareOutside, type CalibratedRange } from '@caffe-quant/report';
import type { ClipRange } from '@caffe-quant/resolver';
import type { Diagnostic } from 'caffe-prototxt-parser';

/** A quantizer that cuts off more of its input than this is not a model of it. */
const CUT_OFF = 0.5;

/** Nor is one in which its input reaches fewer of the 255 steps than this. */
const FEW_STEPS = 8;

/** The step below which AMCT's library takes 1 in its place. */
const SMALLEST_STEP = 2 ** -23;

/**
 * What is wrong with the ranges that training or export starts from, seen by what the quantizers saw in calibration.
 *
 * @param graph where the layers stand
 */
export function rangeWarnings(quantizers: readonly CalibratedRange[], graph: NetGraph): Diagnostic[] {
  return quantizers.flatMap((quantizer) => placed(startFinding(quantizer), quantizer, graph));
}

/**
 * Ranges that cut off most of what the quantizers saw in calibration, or are so wide that it falls into a few steps.
 *
 * @param clips the ranges that are exported, by quantizer: training may have widened those of the start
 */
export function misfitWarnings(
  quantizers: readonly CalibratedRange[],
  clips: ReadonlyMap<string, ClipRange>,
  graph: NetGraph,
): Diagnostic[] {
  return quantizers.flatMap((quantizer) => {
    const clip = clips.get(quantizer.name);
    return clip ? placed(misfitFinding(quantizer, clip), quantizer, graph) : [];
  });
}

type Finding = Pick<Diagnostic, 'code' | 'severity' | 'message' | 'hint'>;

function placed(found: Finding | undefined, { name }: CalibratedRange, { file, layers }: NetGraph): Diagnostic[] {
  if (!found) return [];
  const line = layers.find((layer) => layer.name === name)?.line;
  return [{ ...found, file, layer: name, ...(line !== undefined && { line }) }];
}

/** A diagnostic as a sentence that stands alone. */
export function asSentence({ layer, message, hint }: Diagnostic): string {
  const where = layer === undefined ? '' : `layer ${layer}: `;
  return `${where}${message}${hint === undefined ? '' : `; ${hint}`}`;
}

/** A range of another method that leaves this much more noise than IFMR's, in dB, is told. */
const MUCH_NOISE = 10;

function startFinding({ clip, origin, observed, sqnr, ifmrSqnr }: CalibratedRange): Finding | undefined {
  const { min, max } = observed;
  const range = `[${short(clip.min)}, ${short(clip.max)}]`;
  const seen = `[${short(min)}, ${short(max)}]`;
  const way = 'skip the layer in quant.cfg, or give it clip_max and clip_min there';
  if (min === 0 && max === 0) {
    return {
      code: 'input-all-zero',
      severity: 'warning',
      message: `its input was 0 throughout calibration${origin !== 'config' ? `, and ${range} is a default that fits no data` : ''}`,
      hint: `see whether the layers before it are dead, as a ReLU behind negative biases; else ${way}`,
    };
  }
  if (origin !== 'config' && Math.max(max, 0) - Math.min(min, 0) < 255 * SMALLEST_STEP) {
    return {
      code: 'range-too-narrow',
      severity: 'warning',
      message: `its input, within ${seen}, is too small for a step of its own: AMCT takes the step 1, and all values become 0`,
      hint: `scale the net's weights up, or ${way}`,
    };
  }
  if (sqnr !== undefined && ifmrSqnr !== undefined && ifmrSqnr - sqnr > MUCH_NOISE) {
    return {
      code: 'range-noisy',
      severity: 'warning',
      message: `its input, within ${seen}, is at ${sqnr.toFixed(1)} dB with ${range}, where IFMR's range has ${ifmrSqnr.toFixed(1)} dB`,
      hint: 'try another calibrationMethod, or give the layer clip_max and clip_min in quant.cfg',
    };
  }
  if (min === max) {
    return {
      code: 'input-constant',
      severity: 'info',
      message: `its input was ${short(min)} throughout calibration: the range ${range} fits this value alone`,
    };
  }
  return undefined;
}

function misfitFinding(quantizer: CalibratedRange, clip: ClipRange): Finding | undefined {
  const { origin, observed, clip: start } = quantizer;
  const [range, seen, before] = [clip, observed, start].map(({ min, max }) => `[${short(min)}, ${short(max)}]`);
  const isMoved = start.min !== clip.min || start.max !== clip.max;
  const ofConfig = 'leave clip_max and clip_min out of quant.cfg, and the range is found by calibration';
  const ofTraining = `training moved it from ${before}: try a tenth of base_lr`;
  const outside = shareOutside(observed, clip);
  if (outside > CUT_OFF) {
    const wasBefore = shareOutside(observed, start) > CUT_OFF;
    return {
      code: 'range-cuts-off',
      severity: 'warning',
      message: `the range ${range} cuts off ${(outside * 100).toFixed(0)} % of its input, which spans ${seen}`,
      hint:
        isMoved && !wasBefore
          ? ofTraining
          : origin === 'config'
            ? ofConfig
            : 'see fixed_min in quant.cfg: with it, negative values become 0',
    };
  }
  const steps = (255 * (Math.max(observed.max, 0) - Math.min(observed.min, 0))) / (clip.max - clip.min);
  // Of no input at all, or one without steps, the start is what is wrong.
  if (steps >= FEW_STEPS || startFinding(quantizer)?.severity === 'warning') return undefined;
  return {
    code: 'range-too-wide',
    severity: 'warning',
    message: `the range ${range} is so wide that its input, which spans ${seen}, falls into ${Math.floor(steps) + 1} of 256 steps`,
    hint: isMoved ? ofTraining : ofConfig,
  };
}

const short = (value: number): number => Number(value.toPrecision(4));
