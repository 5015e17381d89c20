import { reportJson } from './report-json.ts';
import type { ReportSummary } from './report-json.ts';
import { lenetCalibrateOnly, lenetReport } from './testing/lenet-report.ts';

const summary = JSON.parse(reportJson(lenetReport())) as ReportSummary;

it('is the same bytes for the same input, in whatever order its fields come', () => {
  const json = reportJson(lenetReport());
  const reversed = Object.fromEntries(Object.entries(lenetReport()).reverse()) as unknown as ReturnType<
    typeof lenetReport
  >;
  expect(reportJson(reversed)).toBe(json);
  expect(json.endsWith('}\n')).toBe(true);
});

it('holds the verdict and the models', () => {
  expect(summary).toMatchObject({
    version: 1,
    verdict: { level: 'kept', metric: 'accuracy', model: 'integer' },
    models: { float: { metrics: { accuracy: 0.9015 }, differences: {} }, postTraining: { metrics: { loss: 0.2977 } } },
    agreement: { integerVsFakeQuant: 0.9995 },
    training: { iterations: 1000, batchSize: 64, records: 4000 },
  });
  expect(summary.models.integer?.differences.accuracy).toBeCloseTo(-0.002, 12);
});

it('holds each quantized layer with where its settings came from', () => {
  expect(summary.layers.map(({ name }) => name)).toEqual(['conv2', 'ip1', 'ip2']);
  expect(summary.layers[1]).toMatchObject({
    name: 'ip1',
    line: 69,
    quantizer: 'ip1',
    origin: 'config',
    initialClip: { max: 6, min: -6 },
    offsetD: -34,
    scaleW: [0.0012207031],
    restores: 2,
    sources: {
      clip: { level: 'global', file: 'quant.cfg', line: 2 },
      channelWise: { level: 'type', file: 'quant.cfg', line: 5 },
    },
  });
  expect(summary.float[0]).toEqual({
    names: ['conv1'],
    reason: 'skip_layers names it',
    source: 'quant.cfg:4',
    quantizable: true,
  });
});

it('has no training where nothing was trained', () => {
  expect(JSON.parse(reportJson(lenetCalibrateOnly()))).not.toHaveProperty('training');
});
