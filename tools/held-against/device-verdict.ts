import { differenceOf, LIMITS } from './compare.ts';
import type { Outcome } from './compute.ts';

/** What is different between an outcome on a device and the processor's; undefined where both agree. */
export function deviceVerdict(own: Outcome, processor: Outcome): string | undefined {
  const ends = ({ refused, failed }: Outcome) => refused ?? failed;
  if (ends(own) !== undefined || ends(processor) !== undefined)
    return ends(own) === ends(processor) ? undefined : `ends in '${ends(own)}', the processor in '${ends(processor)}'`;
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
