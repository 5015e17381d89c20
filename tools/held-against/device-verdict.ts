import { differenceOf, LIMITS } from './compare.ts';
import type { Outcome } from './compute.ts';

/** What is different between an outcome on a device and the processor's, or a fault; undefined where both agree. */
export function deviceVerdict(own: Outcome, processor: Outcome): string | undefined {
  if (processor.failed !== undefined) return `the processor fails: ${processor.failed}`;
  if (own.failed !== undefined) return `fails: ${own.failed}`;
  if (own.refused !== processor.refused)
    return `refused: '${own.refused ?? 'no'}', by the processor: '${processor.refused ?? 'no'}'`;
  if (own.refused !== undefined) return undefined;
  const compared = [
    ...own.tops.map(({ data }, i) => [`top ${i}`, data, processor.tops[i]!.data, LIMITS.top] as const),
    ...(['bottoms', 'params'] as const).flatMap((kind) =>
      own.gradients[kind].map(
        (data, i) => [`gradient of ${kind} ${i}`, data, processor.gradients[kind][i], LIMITS.gradient] as const,
      ),
    ),
  ];
  for (const [what, data, expected, limit] of compared) {
    if (!data && !expected) continue;
    const difference = data && expected ? differenceOf(data, Array.from(expected), limit) : 'only one has it';
    if (difference) return `${what}: ${difference}`;
  }
  return undefined;
}
