#!/bin/sh
# onnxruntime-node 1.30.0, processor provider: the bytes of a Gemm depend on the number of threads in many shapes where the
# result has fewer rows than columns and the sums are long. Columns are shared out among the threads, and how long the pieces are that a sum
# is made of follows from how many columns a thread has. Products with as many rows as columns or more, and sums of at most
# 128 products, have the same bytes for any number. Nothing in the documentation of `intraOpNumThreads` says so; whoever
# compares runs of machines with other numbers of cores, or caches results by their inputs, meets differences.
# Nothing of this repository is used.
#
#   sh findings/onnxruntime-gemm-threads.sh
#
# Installs the package into a folder for temporary files and multiplies [M, K] by [K, N] with 1 to 4 threads. Ends with 1
# where a line of the table does not hold. Seen with Node 20.20 on Linux x64 (AVX-512):
#
#   M     K      N     same bytes for 1, 2, 3 and 4 threads
#   16    4096   64    no
#   64    4096   16    yes
#   20    1024   32    no
#   32    1024   20    yes
#   30    3000   48    no
#   64    128    500   yes
#
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

// y = a b by Gemm, of any size (opset 13), in base64.
const MODEL = Buffer.from('CAc6WQoPCgFhCgFiEgF5IgRHZW1tEgFnWhUKAWESEAoOCAESCgoDEgFtCgMSAWtaFQoBYhIQCg4IARIKCgMSAWsKAxIBbmIVCgF5EhAKDggBEgoKAxIBbQoDEgFuQgQKABAN', 'base64');
const TABLE = [
  [16, 4096, 64, false],
  [64, 4096, 16, true],
  [20, 1024, 32, false],
  [32, 1024, 20, true],
  [30, 3000, 48, false],
  [64, 128, 500, true],
];

const noise = (rows, columns) =>
  new Tensor('float32', Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i * 12.9898) * 3), [rows, columns]);

async function main() {
  console.log(`onnxruntime-node ${require('onnxruntime-node/package.json').version}, Node ${process.version}`);
  for (const [m, k, n, expected] of TABLE) {
    const results = [];
    for (const intraOpNumThreads of [1, 2, 3, 4]) {
      const session = await InferenceSession.create(MODEL, { intraOpNumThreads, logSeverityLevel: 4 });
      const { y } = await session.run({ a: noise(m, k), b: noise(k, n) });
      results.push(Buffer.from(y.data.buffer));
    }
    const isSame = results.every((bytes) => bytes.equals(results[0]));
    console.log(m, k, n, isSame ? 'the same bytes' : 'other bytes');
    if (isSame !== expected) process.exitCode = 1;
  }
}
main();
JS
node run.cjs
