const MAX_WORD = 64;

/**
 * The candidate that a misspelt word most likely meant, or `undefined` when none is close.
 *
 * Close is: equal but for case and underscores (`ClipMax` for `clip_max`), or an optimal-string-alignment distance
 * (insertions, deletions, substitutions, neighbours swapped) of at most a third of the longer word. Of equals the first wins.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > MAX_WORD) return undefined;
  const folded = fold(word);
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    if (candidate.length > MAX_WORD || candidate === word) continue;
    const foldedCandidate = fold(candidate);
    if (foldedCandidate === folded && folded !== '') return candidate;
    const limit = Math.max(1, Math.floor(Math.max(folded.length, foldedCandidate.length) / 3));
    if (Math.min(folded.length, foldedCandidate.length) < 2) continue;
    if (Math.abs(folded.length - foldedCandidate.length) > limit) continue;
    // Case and underscores decide between candidates of the same distance.
    const distance = alignmentDistance(folded, foldedCandidate);
    const exact = distance + alignmentDistance(word, candidate) / 1000;
    if (distance <= limit && exact < bestDistance) {
      best = candidate;
      bestDistance = exact;
    }
  }
  return best;
}

function fold(word: string): string {
  return word.toLowerCase().replaceAll('_', '');
}

function alignmentDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous: number[] = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(substitution, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforePrevious[j - 2] ?? 0) + 1);
      }
      current.push(cost);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}
