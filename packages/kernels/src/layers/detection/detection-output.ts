import { read, type LayerParameter } from '@caffe-quant/caffe-io';
import { boxAt, decodeBox, overlap, type Box, type CodeType } from './boxes.ts';
import { check, type BlobData, type HostKernel } from '../layer.ts';

/**
 * DetectionOutput of SSD: decodes the location predictions [N, P classes 4] (one class for all with `share_location`)
 * beside the priors [1, 2, P 4], keeps per class the boxes whose confidence [N, P C] is above `confidence_threshold` and
 * that no better one overlaps by more than `nms_threshold`, and of each image the best `keep_top_k`. The top is
 * [1, 1, K, 7]: image, label, score, xmin, ymin, xmax, ymax, by image and label, best first; where nothing is found at
 * all, a row [image, -1, ..] per image. Defaults are SSD's. Source: SSD's `detection_output_layer.cpp`.
 */
export const detectionOutput: HostKernel = {
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
  compute(layer, bottoms) {
    const [locations, confidences, priors] = bottoms as [BlobData, BlobData, BlobData];
    const settings = detectionSettings(layer, locations, confidences, priors);
    const images = locations.shape[0]!;
    const rows: number[] = [];
    for (let image = 0; image < images; image++) {
      for (const { label, score, box } of detect(image, bottoms, settings)) rows.push(image, label, score, ...box);
    }
    if (rows.length === 0) {
      for (let image = 0; image < images; image++) rows.push(image, -1, -1, -1, -1, -1, -1);
    }
    return [{ shape: [1, 1, rows.length / 7, 7], data: Float32Array.from(rows) }];
  },
};

interface Detection {
  label: number;
  score: number;
  box: Box;
}

interface Settings {
  priors: number;
  classes: number;
  shared: boolean;
  background: number;
  code: CodeType;
  varianceInTarget: boolean;
  threshold: number;
  nms: { threshold: number; topK: number; eta: number };
  keep: number;
}

function detectionSettings(
  layer: LayerParameter,
  locations: BlobData,
  confidences: BlobData,
  priorBoxes: BlobData,
): Settings {
  const param = layer.detection_output_param;
  const classes = param?.num_classes ?? 0;
  check(classes > 0, () => 'num_classes is missing');
  const priors = priorBoxes.data.length / 8;
  const shared = param?.share_location ?? true;
  const images = locations.shape[0]!;
  check(
    locations.data.length === images * priors * (shared ? 1 : classes) * 4,
    () => `locations [${locations.shape.join(', ')}] do not fit ${priors} priors`,
  );
  check(
    confidences.data.length === images * priors * classes,
    () => `confidences [${confidences.shape.join(', ')}] do not fit ${priors} priors and ${classes} classes`,
  );
  return {
    priors,
    classes,
    shared,
    background: param?.background_label_id ?? 0,
    code: (param?.code_type ?? 'CORNER') as CodeType,
    varianceInTarget: param?.variance_encoded_in_target ?? false,
    threshold: param?.confidence_threshold ?? -Infinity,
    nms: {
      threshold: param?.nms_param?.nms_threshold ?? Math.fround(0.3),
      topK: param?.nms_param?.top_k ?? -1,
      eta: param?.nms_param?.eta ?? 1,
    },
    keep: param?.keep_top_k ?? -1,
  };
}

/** The detections of one image, by label, best first. */
function detect(image: number, bottoms: readonly BlobData[], settings: Settings): Detection[] {
  const [locations, confidences, priors] = bottoms as [BlobData, BlobData, BlobData];
  const { classes, background, keep } = settings;
  const found: Detection[] = [];
  for (let label = 0; label < classes; label++) {
    if (label === background) continue;
    const boxes = new Map<number, Box>();
    const boxOf = (prior: number): Box => {
      const known = boxes.get(prior);
      if (known) return known;
      const box = decoded(image, prior, label, locations, priors, settings);
      boxes.set(prior, box);
      return box;
    };
    const scoreOf = (prior: number) => confidences.data[(image * settings.priors + prior) * classes + label]!;
    for (const prior of suppressed(scoreOf, boxOf, settings)) {
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
  locations: BlobData,
  priors: BlobData,
  settings: Settings,
): Box {
  const { shared, classes, code, varianceInTarget } = settings;
  const place = image * settings.priors + prior;
  const target = boxAt(locations.data, shared ? place : place * classes + label);
  const variance: Box = varianceInTarget ? [1, 1, 1, 1] : boxAt(priors.data, settings.priors + prior);
  return decodeBox(code, boxAt(priors.data, prior), variance, target);
}

/** Non-maximum suppression: the priors that stay, best first. With `eta` below 1 the threshold sinks from box to box. */
function suppressed(scoreOf: (prior: number) => number, boxOf: (prior: number) => Box, settings: Settings): number[] {
  const { priors, threshold, nms } = settings;
  const candidates = Array.from({ length: priors }, (_, prior) => prior)
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
