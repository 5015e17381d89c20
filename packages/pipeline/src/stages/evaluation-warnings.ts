import type { EvaluationResult, ModelResult } from '@caffe-quant/report';

/** Below this the integer model is another model than the one that was trained. */
const EXPECTED_AGREEMENT = 0.999;

/** What a user should know before the models are shipped. */
export function evaluationWarnings(evaluation: Omit<EvaluationResult, 'warnings'>): string[] {
  const { models, accuracyMetrics, agreement } = evaluation;
  const warnings: string[] = [];
  for (const metric of accuracyMetrics) {
    const percent = (model: ModelResult | undefined) => {
      const value = model?.metrics[metric];
      return value === undefined ? undefined : value * 100;
    };
    const [before, after] = [percent(models.postTraining), percent(models.fakeQuant)];
    if (before !== undefined && after !== undefined && after < before) {
      warnings.push(
        `training lowered ${metric} from ${before.toFixed(2)} % (post-training) to ${after.toFixed(2)} %: ` +
          'lower base_lr, train for longer, or export without training',
      );
    }
  }
  const { integerVsFakeQuant: share } = agreement;
  if (share !== undefined && share < EXPECTED_AGREEMENT) {
    warnings.push(
      `the integer and the fake-quant model agree on ${(share * 100).toFixed(2)} % of the predictions only: ` +
        'expected are at least 99.9 %',
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
