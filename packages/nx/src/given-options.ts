import type { StageOptions } from '@caffe-quant/pipeline';
import type { StageName } from '@caffe-quant/pipeline/graph-time';
import { OPTION_LIST, optionsTakenBy, parseOptions } from '@caffe-quant/pipeline/options';
import type { Diagnostic } from 'caffe-prototxt-parser';

/** Options as Nx gives them: those of nx.json, of the project and of the command line, none of them checked. */
export type GivenOptions = Readonly<Record<string, unknown>>;

/** The options of a stage, with everything that is wrong with what Nx gives. */
export function parseStageOptions(
  stage: StageName,
  given: GivenOptions,
): { options: StageOptions; diagnostics: Diagnostic[] } {
  // Nx adds what stands without a name on the command line, and its own --verbose.
  const { _: unnamed = [], verbose: _verbose, ...named } = given;
  const taken = Object.fromEntries(optionsTakenBy(stage).map((name) => [name, OPTION_LIST[name]]));
  const { options, diagnostics } = parseOptions(taken, named);
  const strange = (unnamed as readonly unknown[]).map((text): Diagnostic => {
    const message = `quantize-${stage} takes no '${String(text)}'`;
    return { code: 'unknown-argument', severity: 'error', message, hint: 'an option is --<name>=<value>' };
  });
  return { options: options as StageOptions, diagnostics: [...diagnostics, ...strange] };
}
