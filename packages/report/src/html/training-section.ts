import { formatCount, formatValue } from '../format-number.ts';
import type { RateRangeTest, ReportInput, TrainingTest } from '../report-input.ts';
import { markup, type Markup } from './markup.ts';
import { section, table } from './page-parts.ts';
import { learningRateChart, lossChart } from './training-charts.ts';

export function trainingSection({ training, calibration }: ReportInput): Markup {
  const { batches, records } = calibration;
  const measured = `Calibration measured the inputs on ${formatCount(batches)} ${batches === 1 ? 'batch' : 'batches'} (${formatCount(records)} records).`;
  if (!training) {
    return section(
      'training',
      'Training',
      markup`<p>Nothing was trained: the models are exported from calibration alone. ${measured}</p>
`,
    );
  }
  const { result, steps } = training;
  const epochs =
    result.records > 0 ? ` (${formatValue((result.iterations * result.batchSize) / result.records, 3)} epochs)` : '';
  const restores = Object.values(result.restores).reduce((sum, count) => sum + count, 0);
  const restored =
    restores === 0
      ? ''
      : ` An update made a clip range illegal ${formatCount(restores)} ${restores === 1 ? 'time' : 'times'}; it went back to the last good one.`;
  const { selected, tests = [] } = result;
  const taken =
    selected?.iteration === 0
      ? 'No test was better than the one before training, so the weights and ranges of calibration'
      : `The weights after ${formatCount(selected?.iteration ?? 0)} iterations`;
  const chosen =
    selected === undefined
      ? ''
      : ` ${taken} were taken, the best of the tests: ${selected.metric} ${formatValue(selected.value)} on all test records.`;
  return section(
    'training',
    'Training',
    markup`<p>${measured} Training ran ${formatCount(result.iterations)} iterations of ${formatCount(result.batchSize)} of ${formatCount(result.records)} records${epochs}.${chosen}${restored}${foundRate(result.rateTest)}</p>
${steps.length > 0 ? markup`<div class="training">${lossChart(steps)}${learningRateChart(steps)}</div>\n` : ''}${tests.length > 0 ? testTable(tests) : ''}`,
  );
}

function foundRate(test: RateRangeTest | undefined): string {
  if (!test) return '';
  const { baseLr, limit, tried } = test;
  return (
    ` base_lr was found to be ${formatValue(baseLr)}, since the solver has none: of ${formatCount(tried.length)} rates ` +
    `that were tried on the net, one an iteration, those above ${formatValue(limit)} made its loss grow.`
  );
}

/** The tests on the way: how the quantized net got better or worse. */
function testTable(tests: readonly TrainingTest[]): Markup {
  const names = [...new Set(tests.flatMap(({ metrics }) => Object.keys(metrics)))];
  const rows = tests.map(({ iteration, metrics }) => [
    formatCount(iteration),
    ...names.map((name) => ({ number: metrics[name] === undefined ? '-' : formatValue(metrics[name]) })),
  ]);
  return markup`<h3>Tests on the way</h3>
${table('Tests during training', ['iterations', ...names], rows)}`;
}
