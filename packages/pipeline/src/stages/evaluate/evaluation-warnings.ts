import type { EvaluationResult, LossTrend, ModelResult, Setback, TrainingResult } from '@caffe-quant/report';

/** What two trainings differ by for no reason: a share of a loss, and dB. */
const LOSS_NOISE = 1e-3;
const RATIO_NOISE = 0.1;

/** Below this ratio the error is a third of the signal or more: what is delivered is not a model of the net. */
const LOWEST_RATIO = 10;

/** What one output may lose, in dB, while the others gain. */
const TRADED_RATIO = 1;

/** A training loss that grew by more than this did not learn, whatever the tests say. */
const GROWTH = 2;

/**
 * Predictions on the border of two classes go either way, and of healthy nets half a percent did. Of more, or of outputs that
 * differ by more than rounding explains (dB), it is said, whether a layer is found that does it or not.
 */
const LOWEST_SHARE = 0.99;
const LOWEST_AGREEMENT = 30;
/** So few predictions prove nothing. */
const FEW_PREDICTIONS = 3;

/** What a user should know before the models are shipped, the gravest first. */
export function evaluationWarnings(
  evaluation: Omit<EvaluationResult, 'warnings'>,
  training?: Pick<TrainingResult, 'loss' | 'selected' | 'setbacks'>,
): string[] {
  const ofTraining = trainingWarnings(evaluation, training);
  const warnings = ofTraining.length > 0 ? ofTraining : distanceWarnings(evaluation);
  warnings.push(...gainWarnings(evaluation, training), ...setbackWarnings(training?.setbacks));
  // Agreement by itself is no warning: values next to a border may come out on either side of it, and nobody can help that.
  const { differsFrom: first } = evaluation.agreement;
  if (first) {
    warnings.push(
      `the integer model is not the ${evaluation.models.fakeQuant ? 'fake-quant' : 'post-training'} model: from layer ` +
        `'${first.layer}' on they differ by more than rounding explains (${first.ratio.toFixed(1)} dB): see what is said of ` +
        `that layer above, or write skip_layers: "${first.layer}" into quant.cfg`,
    );
  }
  if (!first && isFarApart(evaluation)) {
    warnings.push(
      `the integer model says another thing than the ${evaluation.models.fakeQuant ? 'fake-quant' : 'post-training'} model, though no ` +
        `layer by itself differs by more than rounding explains: what a chip computes is the row 'integer'; judge by that one`,
    );
  }
  for (const { name, sqnr, differsFrom } of evaluation.onnx?.outputs ?? []) {
    if (differsFrom === undefined) continue;
    const from = differsFrom === '' ? '' : `, from layer '${differsFrom}' on`;
    warnings.push(
      `the ONNX model's output '${name}' differs from the integer model's by more than rounding explains ` +
        `(${sqnr.toFixed(1)} dB)${from}: do not ship the ONNX model`,
    );
  }
  return warnings;
}

/** A few detections more or less are no share: of detectors the ratios count. */
function isFarApart({ agreement, records }: Omit<EvaluationResult, 'warnings'>): boolean {
  const { integerVsFakeQuant: share = 1, of = records, counted, ratios = {} } = agreement;
  const differing = (1 - share) * of;
  const isShare = counted === undefined && share < LOWEST_SHARE && differing >= FEW_PREDICTIONS;
  return isShare || Object.values(ratios).some((ratio) => ratio < LOWEST_AGREEMENT);
}

/** Outputs that quantization leaves little of, whatever the reason. */
function distanceWarnings({ models: { float, integer }, better = {} }: Omit<EvaluationResult, 'warnings'>): string[] {
  const low = Object.entries(integer?.metrics ?? {}).filter(
    ([name, value]) => better[name] === 'higher' && float?.metrics[name] === undefined && value < LOWEST_RATIO,
  );
  if (low.length === 0) return [];
  const ratios = low.map(([name, value]) => `${name} is ${significant(value)}`).join(', ');
  return [
    `the integer model is far from the float net: ${ratios}; see whether the calibration data are like the test data, and ` +
      'in the report which layer costs most and which range it has',
  ];
}

/** Whether the trained net is worse than the one that training began with. */
function trainingWarnings(
  evaluation: Omit<EvaluationResult, 'warnings'>,
  { loss, selected }: Pick<TrainingResult, 'loss' | 'selected'> = {},
): string[] {
  const select = selected
    ? ''
    : 'write select: best into the options (--select best), which hands over nothing worse than post-training; ';
  const advice = `: ${select}${rateAdvice(loss)}`;
  const worse = worseMetrics(evaluation);
  const trend = loss && loss.last > loss.first ? `; the training loss went from ${lossText(loss)}` : '';
  if (worse.length > 0) return [`training made the net worse: ${worse.join(', ')}${trend}${advice}`];
  const isGrown = loss !== undefined && !selected && loss.last > Math.max(GROWTH * loss.first, Number.MIN_VALUE);
  return isGrown ? [`the training loss went from ${lossText(loss)}${advice}`] : [];
}

/** What is worth knowing of a training that did no harm: that it did no good, or some outputs no good. */
function gainWarnings(
  evaluation: Omit<EvaluationResult, 'warnings'>,
  { loss, selected }: Pick<TrainingResult, 'loss' | 'selected'> = {},
): string[] {
  if (selected?.iteration === 0) {
    return [
      `training gained nothing: no test was better than post-training by ${selected.metric}, so that is what is delivered: ` +
        rateAdvice(loss),
    ];
  }
  const ratios = comparedRatios(evaluation);
  const traded = ratios.filter(({ before, after }) => after < before - TRADED_RATIO);
  if (traded.length === 0 || ratiosFell(ratios)) return [];
  const list = traded.map(({ name, before, after }) => movedText(name, before, after)).join(', ');
  return [`training made the outputs better on the whole, but not all of them: ${list}`];
}

/** That another learning rate was trained with than the one that was asked for. */
function setbackWarnings(setbacks: readonly Setback[] = []): string[] {
  const last = setbacks.at(-1);
  if (!last) return [];
  const rate = significant(last.learningRate * last.slowerBy);
  const times = setbacks.length === 1 ? 'once' : `${setbacks.length} times`;
  return [
    `training diverged ${times} and went back to iteration ${last.backTo}; from there on the learning rate was ${rate}, not ` +
      `${significant(last.learningRate / last.slowerBy ** (setbacks.length - 1))}: write a smaller base_lr`,
  ];
}

const rateAdvice = (loss: LossTrend | undefined): string =>
  `try a tenth of base_lr${loss ? ` (it began with ${loss.learningRate})` : ''}, fewer iterations, or export without training (mode: calibrate)`;

const lossText = ({ first, last, steps }: LossTrend): string =>
  `${significant(first)} to ${significant(last)}${steps > 1 ? ` (means of ${steps} iterations)` : ''}`;

/** By what the trained net is worse than the one before: its accuracies, else what else tells good from bad. */
function worseMetrics(evaluation: Omit<EvaluationResult, 'warnings'>): string[] {
  const { models, accuracyMetrics, better = {} } = evaluation;
  const { postTraining, fakeQuant } = models;
  if (!postTraining || !fakeQuant) return [];
  const pair = (name: string) => [postTraining, fakeQuant].map(({ metrics }: ModelResult) => metrics[name]);
  const known = (name: string) => pair(name).every((value) => value !== undefined);
  const accuracies = accuracyMetrics.filter(known);
  if (accuracies.length > 0) {
    return accuracies.flatMap((name) => {
      const [before, after] = pair(name) as [number, number];
      const text = (share: number) => `${(share * 100).toFixed(2)} %`;
      return after < before ? [`${name} fell from ${text(before)} (post-training) to ${text(after)}`] : [];
    });
  }
  const ratios = comparedRatios(evaluation);
  const fallen = ratios.filter(({ before, after }) => after < before - RATIO_NOISE);
  const losses = Object.keys(better)
    .filter((name) => better[name] === 'lower' && known(name))
    .flatMap((name) => {
      const [before, after] = pair(name) as [number, number];
      return after > before + LOSS_NOISE * Math.abs(before) ? [movedText(name, before, after)] : [];
    });
  return [
    ...(ratiosFell(ratios) ? fallen.map(({ name, before, after }) => movedText(name, before, after)) : []),
    ...losses,
  ];
}

/** A signal-to-noise ratio of an output before and after training, in dB. */
interface ComparedRatio {
  readonly name: string;
  readonly before: number;
  readonly after: number;
}

/** Those of a net that nothing else measures. */
function comparedRatios({ models, accuracyMetrics, better = {} }: Omit<EvaluationResult, 'warnings'>): ComparedRatio[] {
  const { postTraining, fakeQuant } = models;
  return Object.keys(better).flatMap((name) => {
    const [before, after] = [postTraining?.metrics[name], fakeQuant?.metrics[name]];
    const isRatio = better[name] === 'higher' && !accuracyMetrics.includes(name);
    return isRatio && before !== undefined && after !== undefined ? [{ name, before, after }] : [];
  });
}

/** By their mean, which is what the best weights are chosen by. */
function ratiosFell(ratios: readonly ComparedRatio[]): boolean {
  const change = ratios.reduce((sum, { before, after }) => sum + after - before, 0) / Math.max(1, ratios.length);
  return change < -RATIO_NOISE;
}

const movedText = (name: string, before: number, after: number): string =>
  `${name} ${after < before ? 'fell' : 'rose'} from ${significant(before)} (post-training) to ${significant(after)}`;

const significant = (value: number): string => String(Number(value.toPrecision(4)));
