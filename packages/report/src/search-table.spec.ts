import { formatSearch, type SearchRow } from './search-table.ts';

const tried = (attempt: string, integer: number, more: Partial<SearchRow> = {}): SearchRow => ({
  ...{ attempt, floatLayers: [], seconds: 12.34, isTried: true },
  measured: {
    ...{ metric: 'accuracy', isAccuracy: true, integer, float: 0.912, iterations: 0 },
    ...{ margin: 0.5 - (0.912 - integer) * 100, holds: integer >= 0.907 },
  },
  ...more,
});
const passed = (attempt: string, reason: string): SearchRow => ({
  ...{ attempt, floatLayers: [], seconds: 0, isTried: false, reason },
});

test('what was measured has a row, what was not has its reason, those of one reason together', () => {
  const rows = [
    tried('calibrated', 0.825),
    passed('more-batches', 'the config gives every range'),
    tried('float-1', 0.8435, { floatLayers: ['ip2'] }),
    { attempt: 'trained-tenth', floatLayers: [], seconds: 1, isTried: true, reason: 'training diverges' },
    tried('trained-third', 0.909),
    passed('trained-whole', 'trained-third holds'),
    passed('never', 'trained-third holds'),
  ];
  expect(formatSearch(rows))
    .toBe(`attempt        accuracy  to float  to limit          float layers  iterations  seconds
calibrated      82.50 %     -8.70     -8.20  misses             0           0     12.3
float-1         84.35 %     -6.85     -6.35  misses             1           0     12.3
trained-third   90.90 %     -0.30     +0.20  holds              0           0     12.3
4 of 7 attempts tried, 38.0 seconds in all
float-1 leaves float: ip2
trained-tenth was refused: training diverges
not tried, since the config gives every range: more-batches
not tried, since trained-third holds: trained-whole, never
`);
});

test('a ratio has no difference to float; where attempts are judged by several metrics, each says by which', () => {
  const ratio = tried('a', 31.5);
  ratio.measured = {
    metric: 'prob SQNR dB',
    isAccuracy: false,
    integer: 31.5,
    margin: 1.5,
    holds: true,
    iterations: 640,
  };
  expect(formatSearch([ratio]).split('\n').slice(0, 2)).toEqual([
    'attempt  prob SQNR dB  to float  to limit         float layers  iterations  seconds',
    'a             31.5000               +1.50  holds             0         640     12.3',
  ]);
  expect(formatSearch([ratio, tried('b', 0.9)])).toMatch(/^attempt {2}metric .*integer/);
});

test('where nothing was measured that is said', () => {
  expect(formatSearch([passed('a', 'b')])).toContain('Nothing was measured.');
});
