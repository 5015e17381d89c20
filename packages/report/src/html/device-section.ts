import { formatCount } from '../format-number.ts';
import type { ReportInput, TrainingDevice } from '../report-input.ts';
import { markup, type Markup, type Part } from './markup.ts';
import { section } from './page-parts.ts';

/** What computed, and which of its results are not the same bytes elsewhere; nothing where that was the processor. */
export function deviceSection({ evaluation: { computedBy }, training }: ReportInput): Part {
  if (computedBy === undefined) return undefined;
  return section(
    'device',
    'Device',
    markup`<p>The nets were computed by ${computedBy}, and what it made of them was held against the processor before it was used.</p>
<p>Not the same bytes with another adapter, driver or version of onnxruntime, or on the processor: the clip ranges and weights, and with them the record and all models; the metrics of the float, the post-training and the fake-quant model; what each layer costs.
The same everywhere, given the exported files: the metrics of the integer model and what is said of the ONNX model, which the processor computes.</p>
${training?.result.device ? crossing(training.result.device) : ''}`,
  );
}

function crossing({ toDevice, fromDevice, kept }: TrainingDevice): Markup {
  const sum = (parts: Record<string, number>) => Object.values(parts).reduce((total, bytes) => total + bytes, 0);
  const stays =
    kept > 0
      ? `${formatCount(kept)} bytes of weights, histories and clip ranges stayed in the device's memory`
      : 'weights, histories and clip ranges were copied both ways, since the provider cannot keep them';
  return markup`<p>Each training iteration sent ${formatCount(sum(toDevice))} bytes to the device and read ${formatCount(sum(fromDevice))} back; ${stays}.</p>
`;
}
