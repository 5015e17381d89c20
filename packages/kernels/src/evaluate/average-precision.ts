/** How the area under a precision-recall curve is taken: SSD's `ap_version`. */
export type ApVersion = 'Integral' | 'MaxIntegral' | '11point';

/** Differences of recall below this are none. */
const EPSILON = 1e-6;

/** Detections of one class over all images. */
interface ClassDetections {
  /** Boxes of the ground truth. */
  positives: number;
  scores: number[];
  /** Per detection: whether it is a true positive; else it is a false one. */
  hits: boolean[];
}

/**
 * Mean average precision of detections, as SSD's solver makes it of the tops of DetectionEvaluate.
 *
 * @param tops one top per batch: rows [-1, label, its boxes, -1, -1] and [image, label, score, tp, fp]; detections with
 *   neither count neither way.
 * @returns per class, and `mean` over all classes; a class without detections counts 0.
 */
export function averagePrecision(
  tops: readonly Float32Array[],
  version: ApVersion = 'Integral',
): { classes: Map<number, number>; mean: number } {
  const byLabel = new Map<number, ClassDetections>();
  const of = (label: number): ClassDetections => {
    const known = byLabel.get(label) ?? { positives: 0, scores: [], hits: [] };
    byLabel.set(label, known);
    return known;
  };
  for (const rows of tops) {
    for (let i = 0; i < rows.length; i += 5) {
      const [image, label, value, hit, miss] = rows.subarray(i, i + 5) as unknown as [number, ...number[]];
      if (image === -1) of(label!).positives += value!;
      else if (hit !== 0 || miss !== 0) {
        const found = of(label!);
        found.scores.push(value!);
        found.hits.push(hit === 1);
      }
    }
  }
  const classes = new Map([...byLabel].map(([label, found]) => [label, areaUnderCurve(found, version)]));
  const mean = [...classes.values()].reduce((sum, value) => sum + value, 0) / Math.max(1, classes.size);
  return { classes, mean };
}

/** Source: SSD's `ComputeAP` in `bbox_util.cpp`. */
function areaUnderCurve({ positives, scores, hits }: ClassDetections, version: ApVersion): number {
  if (positives === 0 || scores.length === 0) return 0;
  // The sort is stable, as SSD's.
  const order = scores.map((_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  let truePositives = 0;
  const precision: number[] = [];
  const recall: number[] = [];
  order.forEach((index, rank) => {
    if (hits[index]!) truePositives++;
    precision.push(truePositives / (rank + 1));
    recall.push(truePositives / positives);
  });
  switch (version) {
    case 'Integral':
      return integral(precision, recall);
    case 'MaxIntegral':
      return integral(envelope(precision), recall);
    case '11point':
      return elevenPoints(precision, recall);
  }
}

function integral(precision: readonly number[], recall: readonly number[]): number {
  let area = 0;
  let before = 0;
  recall.forEach((value, i) => {
    if (value - before > EPSILON) area += precision[i]! * (value - before);
    before = value;
  });
  return area;
}

/** At each point the best precision from there on. */
function envelope(precision: readonly number[]): number[] {
  const best = [...precision];
  for (let i = best.length - 2; i >= 0; i--) best[i] = Math.max(best[i]!, best[i + 1]!);
  return best;
}

/** Mean of the best precisions at recalls of at least 0, 0.1, ..., 1. */
function elevenPoints(precision: readonly number[], recall: readonly number[]): number {
  const best = envelope(precision);
  let sum = 0;
  for (let point = 0; point <= 10; point++) {
    const first = recall.findIndex((value) => value >= point / 10);
    if (first >= 0) sum += best[first]!;
  }
  return sum / 11;
}
