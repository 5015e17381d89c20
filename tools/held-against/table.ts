/** What came of one layer type's settings. */
export interface Row {
  /** Computed by both alike, gradients too. */
  equal: number;
  bothRefuse: number;
  oursRefuses: number;
  /** Other numbers, or computed where Caffe refuses. */
  different: number;
  /** Of those that OpenCV computes. */
  opencv: { equal: number; different: number };
}

const COLUMNS = [
  'layer',
  'tried',
  'equal',
  'both refuse',
  'we alone refuse',
  'different',
  'OpenCV equal',
  'OpenCV different',
];

/** A Markdown table with a row a type, and their sum. */
export function table(rows: ReadonlyMap<string, Row>): string {
  const cells = [...rows].sort(([a], [b]) => a.localeCompare(b)).map(([type, row]) => [type, ...numbersOf(row)]);
  const sums = [...rows.values()].map(numbersOf).reduce((sum, row) => sum.map((value, i) => value + row[i]!));
  const lines = [COLUMNS, COLUMNS.map((_, i) => (i === 0 ? '---' : '---:')), ...cells, ['all', ...sums]];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

function numbersOf({ equal, bothRefuse, oursRefuses, different, opencv }: Row): number[] {
  return [
    equal + bothRefuse + oursRefuses + different,
    equal,
    bothRefuse,
    oursRefuses,
    different,
    opencv.equal,
    opencv.different,
  ];
}

/** The page of the results in docs. */
export const document = (
  rows: ReadonlyMap<string, Row>,
  { torch, opencv, settings, seed }: { torch: string; opencv: string; settings: string; seed: string },
): string => `# Held against PyTorch and OpenCV

\`npm run held-against -- --settings ${settings} --seed ${seed}\`, ${new Date().toISOString().slice(0, 10)}, PyTorch ${torch} and OpenCV ${opencv}.

Each row is a layer type in ${settings} settings, drawn at random: mostly odd ones that Caffe takes (strides over the kernel, a pad on
one axis, kernels larger than the blob, one group a channel, axes from the end, blobs of one element, batches of one), and
now and then one that it refuses. PyTorch computes, in float64 and with autograd for the gradients, what the sources of
Caffe say: \`tools/held-against/reference\` names them. *Equal* means that shapes are the same and that tops and gradients
differ by at most 2e-5 and 1e-4 of a blob's largest element. What is refused is refused by a diagnostic that names file, line and layer.

OpenCV's dnn module computes the first top of what it can read, as in TEST. It is not Caffe, and where the two differ Caffe's
sources count: its Log, for one, looks at no setting.

Not in the table: Filter, whose tops depend on the data, so that a net with it is refused; STOCHASTIC pooling and Dropout
in TRAIN, which draw at random; AMCT's Quant and DeQuant and SSD's MultiBoxLoss, DetectionOutput and DetectionEvaluate.
Goldens and float64 loops in \`packages/kernels\` hold those.

${table(rows)}
`;
