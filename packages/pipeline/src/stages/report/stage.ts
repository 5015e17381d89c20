import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderReport } from '@caffe-quant/report';
import type { Stage } from '../../stage.ts';
import { readReportInput } from './report-files.ts';

/** Writes the HTML page about the run, `<prefix>_report.html`. */
export const reportStage: Stage = {
  name: 'report',
  async run({ place, options, input, out }) {
    // The project's name is in no key where there is a prefix; the prefix is, in the names of the exported files.
    const { prefix = place.name } = options;
    await writeFile(join(out, `${prefix}_report.html`), renderReport(await readReportInput(prefix, input)));
  },
};
