#!/bin/sh
# onnxruntime-node 1.30.0 collects telemetry on Linux unless the environment of the process says no before the first
# session; process.env of a worker thread, a copy, does not count. Nothing of this repository is used.
#
#   sh findings/onnxruntime-telemetry.sh
#
# Installs the package into a folder for temporary files, opens a session on a model of one Add in each of the ways below,
# with a new HOME and TMPDIR each, and lists what is left there. Ends with 1 where that is not what was seen with Node
# 20.20 on Linux x64:
#
#   way                                             left in HOME and TMPDIR
#   nothing set                                     .ses deviceid mat-debug-N.log onnxruntime.db
#   CI=true                                         nothing
#   ORT_DISABLE_TELEMETRY=1                         nothing
#   ORT_DISABLE_TELEMETRY=true                      nothing
#   ORT_DISABLE_TELEMETRY=0                         .ses deviceid mat-debug-N.log onnxruntime.db
#   ORT_DISABLE_TELEMETRY=2                         .ses deviceid mat-debug-N.log onnxruntime.db
#   library loaded, no session                      nothing
#   process.env = 1 before loading                  nothing
#   process.env = 1 between loading and session     nothing
#   process.env = 1 in a worker thread              .ses deviceid mat-debug-N.log onnxruntime.db
#   process.env = 1 before a worker thread starts   nothing
set -eu
VERSION=1.30.0
FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT
cd "$FOLDER"
printf '{"private":true}' > package.json
ONNXRUNTIME_NODE_INSTALL=skip npm install --no-save --no-audit --no-fund --loglevel=error "onnxruntime-node@$VERSION"
echo 'CAg6NQoOCgF4CgF4EgF5IgNBZGQSAWdaDwoBeBIKCggIARIECgIIAmIPCgF5EgoKCAgBEgQKAggCQgQKABAN' | base64 -d > model.onnx
cat > session.cjs <<'JS'
const { readFileSync } = require('node:fs');
const { isMainThread, Worker } = require('node:worker_threads');

const say = () => (process.env.ORT_DISABLE_TELEMETRY = '1');
const load = () => require('onnxruntime-node');
async function open({ InferenceSession }) {
  const session = await InferenceSession.create(readFileSync('model.onnx'));
  if (session.inputNames.join() !== 'x') throw new Error('not the model');
  await new Promise((resolve) => setTimeout(resolve, 500));
}
const ways = {
  plain: () => open(load()),
  load: () => void load(),
  before: () => (say(), open(load())),
  between() {
    const library = load();
    say();
    return open(library);
  },
  worker: () => void new Worker(__filename, { argv: ['before'] }),
  parent: () => (say(), ways.worker()),
};
Promise.resolve(ways[process.argv[2]]()).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
JS

WRONG=0
LEFT='.ses deviceid mat-debug-N.log onnxruntime.db'
# way, expected, what session.cjs does, variables
try() {
  mkdir home tmp
  env -u CI -u GITHUB_ACTIONS -u ORT_DISABLE_TELEMETRY HOME="$FOLDER/home" TMPDIR="$FOLDER/tmp" ${4:-} node session.cjs "$3"
  found=$(find home tmp -type f -exec basename {} \; | sed -E 's/mat-debug-[0-9]+/mat-debug-N/' | LC_ALL=C sort | tr '\n' ' ' | sed 's/ $//')
  rm -r home tmp
  printf '%-47s %s\n' "$1" "${found:-nothing}"
  if [ "${found:-nothing}" != "$2" ]; then
    printf '%-47s %s\n' '  expected' "$2"
    WRONG=1
  fi
}
echo "onnxruntime-node $(node -p "require('onnxruntime-node/package.json').version"), Node $(node --version), $(node -p 'process.platform + " " + process.arch')"
try 'nothing set' "$LEFT" plain
try 'CI=true' nothing plain CI=true
try 'ORT_DISABLE_TELEMETRY=1' nothing plain ORT_DISABLE_TELEMETRY=1
try 'ORT_DISABLE_TELEMETRY=true' nothing plain ORT_DISABLE_TELEMETRY=true
try 'ORT_DISABLE_TELEMETRY=0' "$LEFT" plain ORT_DISABLE_TELEMETRY=0
try 'ORT_DISABLE_TELEMETRY=2' "$LEFT" plain ORT_DISABLE_TELEMETRY=2
try 'library loaded, no session' nothing load
try 'process.env = 1 before loading' nothing before
try 'process.env = 1 between loading and session' nothing between
try 'process.env = 1 in a worker thread' "$LEFT" worker
try 'process.env = 1 before a worker thread starts' nothing parent
exit $WRONG
