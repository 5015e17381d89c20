#!/bin/sh
# onnxruntime-node 1.30.0, processor provider: BatchNormalization with training_mode = 1 writes the new running statistics over
# its own inputs, wherever they are not outputs of the graph: into the arrays that the caller feeds, and into constants of
# the model. Constants of equal contents are one in memory, so that a scale of ones goes on as the running mean, and the
# normalized output is wrong from the first run on, another one in each run, without any error.
# Nothing of this repository is used.
#
#   sh findings/onnxruntime-batch-normalization.sh
#
# Installs the package into a folder for temporary files and runs three models twice on the same x = 10, 11, .., 25 of shape
# [2, 2, 2, 2], with scale 1, bias 0, momentum 0.9, running mean and variance 1. Ends with 1 where that is otherwise. Seen with
# Node 20.20 on Linux x64 (AVX-512), y[0] being -1.3242 by the formula:
#
#   mean and variance            fed arrays after run 1, 2            y[0] in run 1, 2
#   fed                          mean 2.45, 2.85 and 3.755, 4.515     -1.3242, -1.3242
#   fed, statistics are outputs  mean 1, 1 both times                 -1.3242, -1.3242
#   constants                    (none)                               -5.2043, -8.3471
#
# ONNX defines the operator as a function: running_mean and running_var are outputs, and inputs are not to change.
# A way around: make the two statistics outputs of the graph, or values that the graph computes for this node alone.
set -eu
VERSION=1.30.0
FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT
cd "$FOLDER"
printf '{"private":true}' > package.json
ONNXRUNTIME_NODE_INSTALL=skip npm install --no-save --no-audit --no-fund --loglevel=error "onnxruntime-node@$VERSION"
cat > run.cjs <<'JS'
process.env.ORT_DISABLE_TELEMETRY = '1';
const { InferenceSession, Tensor } = require('onnxruntime-node');

// [what gives the running statistics, model (opset 15) in base64]
const MODELS = [
  ['fed', 'CAgSADrpAQpdCgF4CgNvbmUKBHplcm8KAW0KAXYSAXkSAnJtEgJydiISQmF0Y2hOb3JtYWxpemF0aW9uKhIKCG1vbWVudHVtFWZmZj+gAQEqFAoNdHJhaW5pbmdfbW9kZRgBoAECEgFhKhMIAhABIggAAIA/AACAP0IDb25lKhQIAhABIggAAAAAAAAAAEIEemVyb1obCgF4EhYKFAgBEhAKAggCCgIIAgoCCAIKAggCWg8KAW0SCgoICAESBAoCCAJaDwoBdhIKCggIARIECgIIAmIbCgF5EhYKFAgBEhAKAggCCgIIAgoCCAIKAggCQgQKABAP'],
  ['fed, statistics are outputs', 'CAgSADqNAgpdCgF4CgNvbmUKBHplcm8KAW0KAXYSAXkSAnJtEgJydiISQmF0Y2hOb3JtYWxpemF0aW9uKhIKCG1vbWVudHVtFWZmZj+gAQEqFAoNdHJhaW5pbmdfbW9kZRgBoAECEgFiKhMIAhABIggAAIA/AACAP0IDb25lKhQIAhABIggAAAAAAAAAAEIEemVyb1obCgF4EhYKFAgBEhAKAggCCgIIAgoCCAIKAggCWg8KAW0SCgoICAESBAoCCAJaDwoBdhIKCggIARIECgIIAmIbCgF5EhYKFAgBEhAKAggCCgIIAgoCCAIKAggCYhAKAnJtEgoKCAgBEgQKAggCYhAKAnJ2EgoKCAgBEgQKAggCQgQKABAP'],
  ['constants', 'CAgSADqLAgpdCgF4CgNvbmUKBHplcm8KAWMKAWQSAXkSAnJtEgJydiISQmF0Y2hOb3JtYWxpemF0aW9uKhIKCG1vbWVudHVtFWZmZj+gAQEqFAoNdHJhaW5pbmdfbW9kZRgBoAECCgsKAWMSAXoiA05lZxIBYyoTCAIQASIIAACAPwAAgD9CA29uZSoUCAIQASIIAAAAAAAAAABCBHplcm8qEQgCEAEiCAAAgD8AAIA/QgFjKhEIAhABIggAAIA/AACAP0IBZFobCgF4EhYKFAgBEhAKAggCCgIIAgoCCAIKAggCYhsKAXkSFgoUCAESEAoCCAIKAggCCgIIAgoCCAJiDwoBehIKCggIARIECgIIAkIECgAQDw=='],
];
/** By the formula: (10 - 16.5) over the root of the variance of channel 0, and epsilon. */
const Y0 = -1.3242;

async function main() {
  console.log(`onnxruntime-node ${require('onnxruntime-node/package.json').version}, Node ${process.version}`);
  for (const [name, model] of MODELS) {
    const session = await InferenceSession.create(Buffer.from(model, 'base64'), { logSeverityLevel: 4 });
    const x = Float32Array.from({ length: 16 }, (_, i) => i + 10);
    const [mean, variance] = [Float32Array.of(1, 1), Float32Array.of(1, 1)];
    const feeds = { x: new Tensor('float32', x, [2, 2, 2, 2]) };
    if (session.inputNames.includes('m')) {
      feeds.m = new Tensor('float32', mean, [2]);
      feeds.v = new Tensor('float32', variance, [2]);
    }
    for (const run of [1, 2]) {
      const { y } = await session.run(feeds);
      const isRight = Math.abs(y.data[0] - Y0) < 1e-3;
      const isKept = mean[0] === 1 && variance[0] === 1;
      console.log(`${name.padEnd(28)} run ${run}: fed mean ${[...mean].map((v) => v.toFixed(3))}, y[0] ${y.data[0].toFixed(4)}`);
      if (isKept !== (name !== 'fed') || isRight !== (name !== 'constants')) process.exitCode = 1;
    }
  }
}
main();
JS
node run.cjs
