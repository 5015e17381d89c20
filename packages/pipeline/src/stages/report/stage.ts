import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderReport } from '@caffe-quant/report';
import type { Stage } from '../../stage.ts';
import { readReportInput } from './report-files.ts';

/** Writes the HTML page about the run, `<prefix>_report.html`. */
export const reportStage: Stage = {
  name: 'report',
  async run({ place, options, input, out }) {
    const report = await readReportInput(place.name, input);
    await writeFile(join(out, `${options.prefix ?? place.name}_report.html`), renderReport(report));
  },
};
