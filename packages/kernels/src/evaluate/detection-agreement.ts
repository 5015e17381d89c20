import { boxAt, overlap } from '../layers/detection/boxes.ts';
import type { RunOutput } from '../net/net-runner.ts';

/** From this overlap on two boxes are the same one: where Pascal VOC takes a detection for a hit. */
const SAME_BOX = 0.5;

/** Scores of one detection may differ by this much; one that scores less may as well be missing. */
const SCORE_LEEWAY = 0.1;

/** A row of DetectionOutput: [image, label, score, xmin, ymin, xmax, ymax]. */
const COLUMNS = 7;

interface Detection {
  image: number;
  label: number;
  score: number;
  box: ReturnType<typeof boxAt>;
}

/**
 * Counts, batch by batch, the detections that two models have in common: of one class, on one image, with boxes that overlap by
 * half and scores that differ by at most 0.1. Each detection, the best first, takes the best box that is left. What only one
 * model has counts too, where it scores at least 0.1.
 */
export class DetectionAgreement {
  #same = 0;
  #all = 0;

  add(reference: RunOutput, model: RunOutput): void {
    const [expected, left] = [detectionsOf(reference), detectionsOf(model)];
    for (const detection of expected) {
      const found = bestMatch(detection, left);
      if (found === undefined) this.#all += detection.score >= SCORE_LEEWAY ? 1 : 0;
      else {
        this.#same++;
        this.#all++;
        left.splice(found, 1);
      }
    }
    this.#all += left.filter(({ score }) => score >= SCORE_LEEWAY).length;
  }

  /** How many are the same, of how many. */
  counts(): { same: number; of: number } {
    return { same: this.#same, of: this.#all };
  }
}

function detectionsOf({ data }: RunOutput): Detection[] {
  const rows = Array.from({ length: Math.floor(data.length / COLUMNS) }, (_, row): Detection => {
    const [image, label, score] = data.subarray(row * COLUMNS) as unknown as [number, number, number];
    return { image, label, score, box: boxAt(data.subarray(row * COLUMNS + 3), 0) };
  });
  // A net without any detection has a row of -1.
  return rows.filter(({ label }) => label >= 0).sort((a, b) => b.score - a.score);
}

function bestMatch({ image, label, score, box }: Detection, others: readonly Detection[]): number | undefined {
  let best: number | undefined;
  let largest = SAME_BOX;
  others.forEach((other, i) => {
    if (other.image !== image || other.label !== label || Math.abs(other.score - score) > SCORE_LEEWAY) return;
    const shared = overlap(box, other.box);
    if (shared < largest || (shared === largest && best !== undefined)) return;
    best = i;
    largest = shared;
  });
  return best;
}
