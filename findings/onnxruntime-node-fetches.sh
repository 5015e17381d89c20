#!/bin/sh
# onnxruntime-node 1.30.0, processor provider: a tensor that is given to run() as a fetch is written, as its documentation lets
# one expect, but the same elements are then copied into a second, new array, which run() hands back instead of the tensor that was
# given. Whoever gives arrays to save memory and time saves neither: for each run an output costs its size once more, and the
# time to copy it; of large arrays (from glibc's limit of 32 MiB on fresh from the system each time) most of the run.
# Nothing of this repository is used.
#
#   sh findings/onnxruntime-node-fetches.sh
#
# Installs the package into a folder for temporary files and adds 1 to 8,388,608 elements (32 MiB), five times, into an array
# that was made before. Ends with 1 where run() hands the given array back. Seen with Node 20.20 on Linux x64, two processors:
#
#   run   the array given has the sum   run() hands back   ms
#   1     yes                           another array      290.6
#   2     yes                           another array      148.5
#   5     yes                           another array      149.1
#
# (The addition itself takes 3 ms.)
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

// y = x + 1, of any number of elements (opset 13), in base64.
const MODEL = 'CAc6SAoQCgF4CgNvbmUSAXkiA0FkZBIBZyoNEAEiBAAAgD9CA29uZVoQCgF4EgsKCQgBEgUKAxIBbmIQCgF5EgsKCQgBEgUKAxIBbkIECgAQDQ==';
const COUNT = 8 * 2 ** 20;

async function main() {
  console.log(`onnxruntime-node ${require('onnxruntime-node/package.json').version}, Node ${process.version}`);
  const session = await InferenceSession.create(Buffer.from(MODEL, 'base64'), { logSeverityLevel: 4 });
  const x = new Tensor('float32', new Float32Array(COUNT).fill(1), [COUNT]);
  const given = new Float32Array(COUNT);
  const fetch = new Tensor('float32', given, [COUNT]);
  for (let run = 1; run <= 5; run++) {
    given.fill(0);
    const started = performance.now();
    const { y } = await session.run({ x }, { y: fetch });
    const time = performance.now() - started;
    const isWritten = given.every((element) => element === 2);
    const isGiven = y === fetch || y.data.buffer === given.buffer;
    console.log(run, isWritten ? 'given array written' : 'given array not written', isGiven ? 'handed back' : 'another array handed back', time.toFixed(1), 'ms');
    if (isGiven || !isWritten) process.exitCode = 1;
  }
}
main();
JS
node run.cjs
