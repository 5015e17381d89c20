import { createHash } from 'node:crypto';
import { formatCount } from '../format-number.ts';
import type { ReportInput } from '../report-input.ts';
import { deviceSection } from './device-section.ts';
import { filesSection, inputsSection } from './files-section.ts';
import { floatSection, overviewSection } from './layers-section.ts';
import { markup, trusted, type Markup } from './markup.ts';
import { modelsSection, verdictBanner, warningList } from './results-section.ts';
import { STYLESHEET } from './stylesheet.ts';
import { trainingSection } from './training-section.ts';

/**
 * The report as one HTML page that needs nothing else: no network, no script, pictures as SVG in it. Its own
 * Content-Security-Policy allows its stylesheet and nothing more. Equal input gives equal bytes.
 */
export function renderReport(input: ReportInput): string {
  const style = createHash('sha256').update(STYLESHEET).digest('base64');
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${style}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${input.title}: quantization report</title>
<style>${trusted(STYLESHEET)}</style>
</head>
<body>
<main>
${header(input)}${verdictBanner(input)}${warningList(input)}${modelsSection(input)}${trainingSection(input)}${deviceSection(input)}${overviewSection(input)}${floatSection(input)}${filesSection(input)}${inputsSection(input)}</main>
</body>
</html>
`;
  return page.html;
}

function header({ title, plan, evaluation }: ReportInput): Markup {
  const quantized = evaluation.layers.filter((layer) => layer.quantized).length;
  const quantizable = Math.max(quantized, plan.layers.filter((layer) => layer.quantizable).length);
  return markup`<header>
<h1>${title} <span class="quiet">quantization report</span></h1>
<p class="quiet">Net ${plan.net.name || 'without a name'} from <code>${plan.net.file}</code>: ${formatCount(quantized)} of ${formatCount(quantizable)} quantizable layers quantized to int8, by ${plan.compat === 'amct' ? 'the rules of AMCT itself' : "AMCT's documented rules"}.</p>
</header>
`;
}
