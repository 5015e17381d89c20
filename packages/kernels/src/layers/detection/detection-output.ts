import { read } from '@caffe-quant/caffe-io';
import { boxAt, decodeBox, overlap, type Box, type CodeType } from './boxes.ts';
import { check, type BlobData, cpuFallback } from '../layer.ts';

/**
 * DetectionOutput of SSD: decodes the location predictions [N, P classes 4] (one class for all with `share_location`)
 * beside the priors [1, 2, P 4], keeps per class the boxes whose confidence [N, P C] is above `confidence_threshold` and
 * that no better one overlaps by more than `nms_threshold`, and of each image the best `keep_top_k`. The top is
 * [1, 1, K, 7]: image, label, score, xmin, ymin, xmax, ymax, by image and label, best first; where nothing is found at
 * all, a row [image, -1, ..] per image. Defaults are SSD's. Source: SSD's `detection_output_layer.cpp`.
 */
export const detectionOutput = cpuFallback({
  type: 'DetectionOutput',
  bottoms: [3, 4],
  tops: 1,
  fields: {
    detection_output_param: {
      ...read('num_classes', 'share_location', 'background_label_id', 'code_type', 'variance_encoded_in_target'),
      ...read('keep_top_k', 'confidence_threshold'),
      nms_param: read('nms_threshold', 'top_k', 'eta'),
      save_output_param: 'files of results; evaluation takes them from the tops',
      visualize: 'shows pictures',
      visualize_threshold: 'shows pictures',
      save_file: 'a video of the pictures',
    },
  },
  settings({ detection_output_param: param = {} }): DetectionOutputSettings {
    const { num_classes: classes = 0, nms_param: nms = {} } = param;
    check(classes > 0, () => 'num_classes is missing');
    check(
      param.keep_top_k !== 0,
      () => 'keep_top_k: 0, the default in AMCT, keeps no detection at all: write -1 for all',
    );
    return {
      classes,
      shared: param.share_location ?? true,
      background: param.background_label_id ?? 0,
      code: param.code_type ?? 'CORNER',
      varianceInTarget: param.variance_encoded_in_target ?? false,
      threshold: param.confidence_threshold ?? -Infinity,
      nms: { threshold: nms.nms_threshold ?? Math.fround(0.3), topK: nms.top_k ?? -1, eta: nms.eta ?? 1 },
      keep: param.keep_top_k ?? -1,
    };
  },
  compute(settings, bottoms) {
    const [locations, confidences, priors] = bottoms as [BlobData, BlobData, BlobData];
    const predictions = { locations, confidences, priors, count: priors.data.length / 8 };
    checkShapes(predictions, settings);
    const images = locations.shape[0]!;
    const rows: number[] = [];
    for (let image = 0; image < images; image++) {
      for (const { label, score, box } of detect(image, predictions, settings)) rows.push(image, label, score, ...box);
    }
    if (rows.length === 0) {
      for (let image = 0; image < images; image++) rows.push(image, -1, -1, -1, -1, -1, -1);
    }
    return [{ shape: [1, 1, rows.length / 7, 7], data: Float32Array.from(rows) }];
  },
});

/** What a `detection_output_param` says. */
export interface DetectionOutputSettings {
  readonly classes: number;
  /** One prediction of a location is that of all classes. */
  readonly shared: boolean;
  /** The class of what is nothing; -1: there is none. */
  readonly background: number;
  readonly code: CodeType;
  /** Locations are predicted without the priors' variances. */
  readonly varianceInTarget: boolean;
  /** What a confidence must be above. */
  readonly threshold: number;
  readonly nms: {
    /** The most that two boxes of a class may overlap, in [0, 1]. */
    readonly threshold: number;
    /** How many boxes of a class are looked at; -1: all. */
    readonly topK: number;
    /** By what the threshold shrinks with each box that is kept, while it is above 0.5. */
    readonly eta: number;
  };
  /** How many detections of an image are kept; -1: all. */
  readonly keep: number;
}

interface Detection {
  label: number;
  score: number;
  box: Box;
}

/** The bottoms, and how many priors there are. */
interface Predictions {
  locations: BlobData;
  confidences: BlobData;
  priors: BlobData;
  count: number;
}

function checkShapes(
  { locations, confidences, count }: Predictions,
  { shared, classes }: DetectionOutputSettings,
): void {
  const images = locations.shape[0]!;
  check(
    locations.data.length === images * count * (shared ? 1 : classes) * 4,
    () => `locations [${locations.shape.join(', ')}] do not fit ${count} priors`,
  );
  check(
    confidences.data.length === images * count * classes,
    () => `confidences [${confidences.shape.join(', ')}] do not fit ${count} priors and ${classes} classes`,
  );
}

/** The detections of one image, by label, best first. */
function detect(image: number, predictions: Predictions, settings: DetectionOutputSettings): Detection[] {
  const { classes, background, keep } = settings;
  const found: Detection[] = [];
  for (let label = 0; label < classes; label++) {
    if (label === background) continue;
    const boxes = new Map<number, Box>();
    const boxOf = (prior: number): Box => {
      const known = boxes.get(prior);
      if (known) return known;
      const box = decoded(image, prior, label, predictions, settings);
      boxes.set(prior, box);
      return box;
    };
    const scoreOf = (prior: number) =>
      predictions.confidences.data[(image * predictions.count + prior) * classes + label]!;
    for (const prior of suppressed(scoreOf, boxOf, predictions.count, settings)) {
      found.push({ label, score: scoreOf(prior), box: boxOf(prior) });
    }
  }
  if (keep < 0 || found.length <= keep) return found;
  const best = [...found].sort((a, b) => b.score - a.score).slice(0, keep);
  return best.sort((a, b) => a.label - b.label || b.score - a.score);
}

function decoded(
  image: number,
  prior: number,
  label: number,
  { locations, priors, count }: Predictions,
  { shared, classes, code, varianceInTarget }: DetectionOutputSettings,
): Box {
  const place = image * count + prior;
  const target = boxAt(locations.data, shared ? place : place * classes + label);
  const variance: Box = varianceInTarget ? [1, 1, 1, 1] : boxAt(priors.data, count + prior);
  return decodeBox(code, boxAt(priors.data, prior), variance, target);
}

/** Non-maximum suppression: the priors that stay, best first. With `eta` below 1 the threshold sinks from box to box. */
function suppressed(
  scoreOf: (prior: number) => number,
  boxOf: (prior: number) => Box,
  count: number,
  { threshold, nms }: DetectionOutputSettings,
): number[] {
  const candidates = Array.from({ length: count }, (_, prior) => prior)
    .filter((prior) => scoreOf(prior) > threshold)
    .sort((a, b) => scoreOf(b) - scoreOf(a))
    .slice(0, nms.topK < 0 ? undefined : nms.topK);
  const kept: number[] = [];
  let limit = nms.threshold;
  for (const prior of candidates) {
    if (kept.some((better) => overlap(boxOf(prior), boxOf(better)) > limit)) continue;
    kept.push(prior);
    if (nms.eta < 1 && limit > 0.5) limit = Math.fround(limit * nms.eta);
  }
  return kept;
}
