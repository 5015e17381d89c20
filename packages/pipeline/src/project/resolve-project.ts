import type { Caffemodel } from '@caffe-quant/caffe-io';
import type { QuantPlan } from '@caffe-quant/resolver';
import { resolvePlan } from '@caffe-quant/resolver';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { DiagnosticsError, hasErrors } from 'caffe-prototxt-parser';
import { OPTION_LIST } from '../option-list.ts';
import type { StageOptions } from '../stage-options.ts';
import type { Project } from './project.ts';
import { methodInWords, rangeMethod } from './range-method.ts';

/**
 * The plan of a project.
 *
 * @param weights where they are at hand; some rules ask for their shapes
 * @returns the plan and warnings about it
 * @throws DiagnosticsError where quant.cfg and the net do not fit each other
 */
export function resolveProject(
  project: Project,
  options: StageOptions,
  weights?: Caffemodel,
): { plan: QuantPlan; diagnostics: readonly Diagnostic[] } {
  const { train, test, config, writtenNames } = project;
  const shapes = weights?.layers.flatMap(({ name, blobs: [first] }) => (first ? [[name, first.shape] as const] : []));
  const method = rangeMethod(options);
  const { plan, diagnostics } = resolvePlan({
    train,
    test,
    config,
    writtenNames,
    compat: options.compat ?? OPTION_LIST.compat.default,
    ...(method && { measuredBy: methodInWords(method) }),
    ...(shapes && { weightShapes: new Map(shapes) }),
  });
  if (hasErrors(diagnostics)) throw new DiagnosticsError(diagnostics);
  const quantizers = plan.quantizers.map((quantizer) => ({
    ...quantizer,
    ...(options.clipLrMult !== undefined && { lrMult: options.clipLrMult }),
    decayMult: options.clipDecayMult ?? quantizer.decayMult,
  }));
  return { plan: { ...plan, quantizers }, diagnostics };
}
