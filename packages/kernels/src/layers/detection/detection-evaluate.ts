import { read, type LayerParameter, without } from '@caffe-quant/caffe-io';
import { boxOnImage, hasPlainAreas, type ImageSize, type ResizeParameter } from './box-on-image.ts';
import { boxAt, overlap, type Box } from './boxes.ts';
import { forkField } from '../fork-field.ts';
import { check, type BlobData, type HostKernel } from '../layer.ts';

/** SSD's `detection_evaluate_param`. */
interface DetectionEvaluateParameter {
  num_classes?: number;
  background_label_id?: number;
  overlap_threshold?: number;
  evaluate_difficult_gt?: boolean;
  name_size_file?: string;
  resize_param?: ResizeParameter;
}

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
export const detectionEvaluate: HostKernel = {
  type: 'DetectionEvaluate',
  measures: 'detections',
  bottoms: 2,
  tops: 1,
  file: {
    kind: 'text',
    pathOf: (layer) => forkField<DetectionEvaluateParameter>(layer, 'detection_evaluate_param')?.name_size_file,
    load: (layer, path, reader) => withSizes(layer, reader.text(path)),
  },
  fields: {
    detection_evaluate_param: {
      ...read('num_classes', 'background_label_id', 'overlap_threshold', 'evaluate_difficult_gt', 'name_size_file'),
      resize_param: {
        ...read('resize_mode', 'height', 'width', 'height_scale', 'width_scale'),
        ...without('boxes are scaled here, no pixels', 'prob', 'interp_mode', 'pad_mode', 'pad_value'),
      },
    },
  },
  compute(layer, bottoms) {
    const param = forkField<DetectionEvaluateParameter>(layer, 'detection_evaluate_param') ?? {};
    const { num_classes = 0, background_label_id: background = 0, evaluate_difficult_gt: difficult = true } = param;
    check(num_classes > 0, () => 'num_classes is missing');
    const resize = param.resize_param;
    const mode = resize?.resize_mode ?? 'WARP';
    check(
      mode === 'WARP' || ((resize?.height ?? 0) > 0 && (resize?.width ?? 0) > 0),
      () => `resize_param with ${mode} needs height and width`,
    );
    const sizesText = forkField<string>(layer, SIZES);
    check(!param.name_size_file || sizesText !== undefined, () => 'name_size_file was not read with the net');
    const sizes = sizesText === undefined ? [] : imageSizes(sizesText);
    const detections = readDetections(bottoms[0]!);
    const truths = readTruths(bottoms[1]!);
    const counts = (truth: Truth) => difficult || !truth.difficult;
    const rows: number[] = [];
    for (let label = 0; label < num_classes; label++) {
      if (label === background) continue;
      const boxes = [...truths.values()].flatMap((labels) => labels.get(label) ?? []);
      rows.push(-1, label, boxes.filter(counts).length, -1, -1);
    }
    let seen = 0;
    for (const [image, labels] of sorted(detections)) {
      const size = sizes[seen++ % Math.max(1, sizes.length)];
      for (const [label, found] of sorted(labels)) {
        const known = truths.get(image)?.get(label);
        if (!known) {
          for (const { score } of found) rows.push(image, label, score, 0, 1);
          continue;
        }
        const taken = new Set<Truth>();
        for (const { score, box } of [...found].sort((a, b) => b.score - a.score)) {
          const match = bestMatch(box, known, size && { size, resize });
          if (match.overlap < (param.overlap_threshold ?? 0.5)) rows.push(image, label, score, 0, 1);
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
};

/** The image that boxes are compared on, and how the net's input was made of it. */
interface Frame {
  size: ImageSize;
  resize: ResizeParameter | undefined;
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

/** Where the text of the file of names and sizes stands in the layer once it has been read. */
const SIZES = 'name_size_text';

/** The layer with what is in its file of sizes, if it names one. */
export const withSizes = (layer: LayerParameter, text: string | undefined): LayerParameter =>
  text === undefined ? layer : { ...layer, ...{ [SIZES]: text } };

function imageSizes(text: string): ImageSize[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [height, width] = line.trim().split(/\s+/).slice(-2).map(Number);
      return { height: height!, width: width! };
    });
}
