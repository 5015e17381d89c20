import type { TargetConfiguration } from '@nx/devkit';
import {
  ATTEMPT_NAMES,
  ATTEMPTS,
  ATTEMPTS_FOLDER,
  attemptsJustBefore,
  LADDER,
  RESULT_FILE,
  SEARCH_DESCRIPTION,
  SEARCH_FOLDER,
  stagesBefore,
  STAGES,
} from '@caffe-quant/pipeline/graph-time';
import { ENGINE_NODE, PACKAGES_NODE } from './engine-nodes.ts';
import type { NormalizedOptions } from './plugin-options.ts';

type Input = NonNullable<TargetConfiguration['inputs']>[number];

/** The target that ends a search; those of its attempts have their names behind it. */
export const SEARCH_TARGET = 'quantize-search';

const ATTEMPT_EXECUTOR = 'quantize-attempt';

/** What runs its targets. */
export const SEARCH_EXECUTORS: readonly string[] = [SEARCH_TARGET, ATTEMPT_EXECUTOR];

const targetOf = (attempt: string): string => `${SEARCH_TARGET}-${attempt}`;

/**
 * The targets of a search, by name, before anything is merged into them: one for each attempt, a ladder that is fixed before
 * anything runs, and one for the end. An attempt depends on all of the rung before its own and sees the results of all
 * rungs; where an earlier one holds it ends at once. What it tries in detail, such as which layers stay float, it finds from
 * those results, so that neither Nx's graph nor the project's configuration ever follows from a result.
 *
 * @param inputs of every stage besides its own
 */
export function searchTargets(
  { targetNames, options, engineSources }: NormalizedOptions,
  inputs: readonly Input[],
): Record<string, TargetConfiguration> {
  const [first] = stagesBefore('resolve').map((stage) => targetNames[stage]);
  // What decides is the project's files, its data, and what the project asks for.
  const ofProject: Input[] = [
    ...(STAGES.resolve.reads.fingerprint as readonly string[]).map((file) => ({
      dependentTasksOutputFiles: `**/fingerprint/${file}`,
      transitive: true,
    })),
    '{projectRoot}/thresholds.json',
    ...inputs,
    ...engineSources,
    { externalDependencies: [ENGINE_NODE, PACKAGES_NODE] },
  ];
  const ofAttempts: Input = {
    dependentTasksOutputFiles: `**/${ATTEMPTS_FOLDER}/*/${RESULT_FILE}`,
    transitive: true,
  };
  const target = (executor: string, folder: string, description: string, before: readonly string[]) => ({
    executor: `@caffe-quant/nx:${executor}`,
    cache: true,
    dependsOn: before.length === 0 ? [first!] : before.map(targetOf),
    inputs: before.length === 0 ? ofProject : [ofAttempts, ...ofProject],
    outputs: [`{options.outDir}/${folder}`],
    options: { outDir: 'dist/quantize/{projectName}', ...options },
    metadata: { technologies: ['caffe'], description },
  });
  const attempts = [...ATTEMPTS].map(([name, { description }]): [string, TargetConfiguration] => {
    const folder = `${ATTEMPTS_FOLDER}/${name}`;
    const own = target(ATTEMPT_EXECUTOR, folder, `Attempt of a search: ${description}`, attemptsJustBefore(name));
    return [targetOf(name), { ...own, options: { ...own.options, attempt: name } }];
  });
  const last = Object.keys(LADDER.at(-1)!);
  const end = target(SEARCH_TARGET, SEARCH_FOLDER, SEARCH_DESCRIPTION, last);
  return { ...Object.fromEntries(attempts), [SEARCH_TARGET]: end };
}

/** The names of all targets of a search. */
export const SEARCH_TARGETS: readonly string[] = [...ATTEMPT_NAMES.map(targetOf), SEARCH_TARGET];
