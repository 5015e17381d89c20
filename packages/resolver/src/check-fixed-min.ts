/** What is to say about `fixed_min` of one layer, given what is known of its input. */
import { formatFloat } from 'caffe-prototxt-parser';
import type { Findings } from './findings.ts';
import type { InputOrigin } from './input-origin.ts';
import type { ResolvedLayer } from './resolved-layer.ts';

export function checkFixedMin({ layer, origin, settings }: ResolvedLayer, netFile: string, findings: Findings): void {
  const { clip, clipAt, fixedMin, fixedMinAt } = settings;
  if (clip && clipAt && fixedMin && clip.min < 0) {
    findings.add({
      code: 'clip-min-overridden',
      layer,
      at: clipAt.min,
      tell: (layers) => ({
        severity: 'info',
        message:
          `clip_min ${formatFloat(clip.min)} has no effect on ${layers}: fixed_min is true there, ` +
          `so the range is [0, ${formatFloat(clip.max)}]`,
      }),
    });
  }
  // Calibration finds the lower end 0 by itself where the input is never negative: only a range that is given has another.
  if (clip && !fixedMinAt && origin.kind === 'nonnegative') {
    // Nothing inside a half is inherited: a range that is given has to be given again.
    const range = `clip_max_min: { clip_max: ${formatFloat(clip.max)} clip_min: ${formatFloat(clip.min)} } `;
    findings.add({
      code: 'fixed-min-possible',
      layer,
      at: { file: netFile, ...(layer.line !== undefined && { line: layer.line }) },
      apart: layer.name,
      tell: () => ({
        severity: 'info',
        message: `its input comes from ${pathOf(origin)} and is never negative: fixed_min: true would use the whole grid (it is automatic only straight after a ReLU)`,
        hint: `override_layer_configs { layer_name: "${layer.name}" retrain_data_quant_config: { ulq_quantize: { ${range}fixed_min: true } } }`,
      }),
    });
  }
  if (fixedMinAt?.value && origin.kind === 'other') {
    findings.add({
      code: 'fixed-min-cuts',
      layer,
      at: fixedMinAt,
      tell: (layers) => ({
        severity: 'warning',
        message: `fixed_min: true cuts off every negative input of ${layers}, and the input there does not come from a ReLU`,
        hint: 'set fixed_min by hand only where the input is never negative; straight after a ReLU it is automatic',
      }),
    });
  }
  if (clip && fixedMinAt && !fixedMinAt.value && origin.kind !== 'other') {
    findings.add({
      code: 'fixed-min-wasted',
      layer,
      at: fixedMinAt,
      tell: (layers) => ({
        severity: 'info',
        message: `fixed_min: false leaves the negative half of the grid unused for ${layers}, whose input is never negative`,
      }),
    });
  }
}

/** `relu1 through pool1, drop1`, in the order of the net. */
function pathOf({ path }: Extract<InputOrigin, { kind: 'nonnegative' }>): string {
  const [source, ...through] = [...path].reverse();
  return through.length === 0 ? `${source}` : `${source} through ${through.join(', ')}`;
}
