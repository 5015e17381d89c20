import { read, without } from '@caffe-quant/caffe-io';
import {
  boxOnImage,
  hasPlainAreas,
  type ImageSize,
  RESIZE_FIELDS,
  resizeSettings,
  type ResizeSettings,
} from './box-on-image.ts';
import { boxAt, overlap, type Box } from './boxes.ts';
import { check, type BlobData, cpuFallback } from '../layer.ts';

/** Detections, or boxes of the ground truth, by image and label, in the order of the file. */
type ByImage<T> = Map<number, Map<number, T[]>>;
interface Scored {
  score: number;
  box: Box;
}
interface Truth {
  box: Box;
  difficult: boolean;
}

/**
 * DetectionEvaluate of SSD: says of each detection (rows [image, label, score, box]) whether it is a true or a false
 * positive beside the ground truth (rows [image, label, instance, box, difficult]). The top is [1, 1, K, 5]: first
 * [-1, label, its boxes, -1, -1] for each class but the background, then [image, label, score, tp, fp]. With
 * `name_size_file` (lines "name height width") boxes are compared in pixels of the images in that order, whose padding
 * `resize_param` tells.
 * Source: SSD's `detection_evaluate_layer.cpp`.
 */
export const detectionEvaluate = cpuFallback({
  type: 'DetectionEvaluate',
  measures: 'detections',
  bottoms: 2,
  tops: 1,
  fields: {
    detection_evaluate_param: {
      ...read('num_classes', 'background_label_id', 'overlap_threshold', 'evaluate_difficult_gt', 'name_size_file'),
      resize_param: {
        ...RESIZE_FIELDS,
        ...without('boxes are scaled here, no pixels', 'prob', 'interp_mode', 'pad_mode', 'pad_value'),
      },
    },
  },
  settings({ detection_evaluate_param: param = {} }): DetectionEvaluateSettings {
    const { num_classes: classes = 0, resize_param: resize } = param;
    check(classes > 0, () => 'num_classes is missing');
    check(classes <= MOST_CLASSES, () => `num_classes ${classes} is more than ${MOST_CLASSES}`);
    return {
      classes,
      background: param.background_label_id ?? 0,
      overlap: param.overlap_threshold ?? 0.5,
      difficult: param.evaluate_difficult_gt ?? true,
      sizesFile: param.name_size_file || undefined,
      resize: resizeSettings(resize),
    };
  },
  file: {
    kind: 'text',
    pathOf: ({ sizesFile }: DetectionEvaluateSettings) => sizesFile,
    load: (settings: DetectionEvaluateSettings, path, reader) => ({
      ...settings,
      sizes: imageSizes(path, reader.text(path)),
    }),
  },
  compute({ classes, background, overlap: enough, difficult, sizesFile, resize, sizes }, bottoms) {
    check(!sizesFile || sizes !== undefined, () => 'name_size_file was not read with the net');
    const detections = readDetections(bottoms[0]!);
    const truths = readTruths(bottoms[1]!);
    const counts = (truth: Truth) => difficult || !truth.difficult;
    const rows: number[] = [];
    for (let label = 0; label < classes; label++) {
      if (label === background) continue;
      const boxes = [...truths.values()].flatMap((labels) => labels.get(label) ?? []);
      rows.push(-1, label, boxes.filter(counts).length, -1, -1);
    }
    let seen = 0;
    for (const [image, labels] of sorted(detections)) {
      const size = sizes?.[seen++ % sizes.length];
      for (const [label, found] of sorted(labels)) {
        const known = truths.get(image)?.get(label);
        if (!known) {
          for (const { score } of found) rows.push(image, label, score, 0, 1);
          continue;
        }
        const taken = new Set<Truth>();
        for (const { score, box } of [...found].sort((a, b) => b.score - a.score)) {
          const match = bestMatch(box, known, size && { size, resize });
          if (match.overlap < enough) rows.push(image, label, score, 0, 1);
          else if (!counts(match.truth)) rows.push(image, label, score, 0, 0);
          else {
            const first = !taken.has(match.truth);
            taken.add(match.truth);
            rows.push(image, label, score, first ? 1 : 0, first ? 0 : 1);
          }
        }
      }
    }
    return [{ shape: [1, 1, rows.length / 5, 5], data: Float32Array.from(rows) }];
  },
});

/** Each is a row of the top. */
const MOST_CLASSES = 100_000;

/** What a `detection_evaluate_param` says. */
export interface DetectionEvaluateSettings {
  readonly classes: number;
  /** The class of what is nothing. */
  readonly background: number;
  /** The least overlap of a detection with what it has found, in [0, 1]. */
  readonly overlap: number;
  /** Boxes that are marked as difficult count too. */
  readonly difficult: boolean;
  /** The file of the images' sizes; absent: boxes are compared relative to their image. */
  readonly sizesFile: string | undefined;
  /** What is in that file, image by image; absent until it has been read. */
  readonly sizes?: readonly ImageSize[];
  readonly resize: ResizeSettings;
}

/** The image that boxes are compared on, and how the net's input was made of it. */
interface Frame {
  size: ImageSize;
  resize: ResizeSettings;
}

function bestMatch(box: Box, truths: readonly Truth[], frame: Frame | undefined): { truth: Truth; overlap: number } {
  const inPixels = (relative: Box) => (frame ? boxOnImage(relative, frame.size, frame.resize) : relative);
  const areaPixels = frame !== undefined && !hasPlainAreas(frame.resize);
  let best = { truth: truths[0]!, overlap: -1 };
  for (const truth of truths) {
    const value = overlap(inPixels(box), inPixels(truth.box), frame !== undefined, areaPixels);
    if (value > best.overlap) best = { truth, overlap: value };
  }
  return best;
}

function readDetections({ data }: BlobData): ByImage<Scored> {
  const result: ByImage<Scored> = new Map();
  for (let i = 0; i < data.length; i += 7) {
    const [image, label, score] = [data[i]!, data[i + 1]!, data[i + 2]!];
    if (image === -1 || label === -1) continue;
    append(result, image, label, { score, box: boxAt(data.subarray(i + 3), 0) });
  }
  return result;
}

function readTruths({ data }: BlobData): ByImage<Truth> {
  const result: ByImage<Truth> = new Map();
  for (let i = 0; i < data.length && data[i] !== -1; i += 8) {
    append(result, data[i]!, data[i + 1]!, { box: boxAt(data.subarray(i + 3), 0), difficult: data[i + 7] !== 0 });
  }
  return result;
}

function append<T>(all: ByImage<T>, image: number, label: number, value: T): void {
  const labels = all.get(image) ?? new Map<number, T[]>();
  labels.set(label, [...(labels.get(label) ?? []), value]);
  all.set(image, labels);
}

const sorted = <T>(map: ReadonlyMap<number, T>): [number, T][] => [...map].sort(([a], [b]) => a - b);

/** The sizes in a file of lines "name height width". */
function imageSizes(path: string, text: string): ImageSize[] {
  const lines = text.split('\n').map((line, i) => ({ words: line.trim().split(/\s+/), number: i + 1 }));
  return lines
    .filter(({ words }) => words.join('') !== '')
    .map(({ words, number }) => {
      const [height, width] = words.slice(-2).map(Number) as [number, number];
      check(
        words.length >= 3 && height > 0 && width > 0,
        () => `${path}, line ${number}: expected a name, a height and a width, got '${words.join(' ')}'`,
      );
      return { height, width };
    });
}
