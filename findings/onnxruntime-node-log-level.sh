#!/bin/sh
# onnxruntime-node 1.30.0: the session option logSeverityLevel does not keep the engine's errors off the terminal. Where a provider's
# libraries are missing, create() rejects with an error that says so, and the engine's log writes the same with its source paths
# to stderr besides, with logSeverityLevel 4 (fatal) too. env.logLevel = 'fatal' keeps it quiet, but only where it is set before
# the process's first session: later it is taken without a word and changes nothing.
# Nothing of this repository is used.
#
#   sh findings/onnxruntime-node-log-level.sh
#
# Installs the package, without CUDA's libraries, into a folder for temporary files and asks for the provider `cuda`, in a process
# of its own each time. Ends with 1 where one of the three is otherwise. Seen with Node 20.20 on Linux x64:
#
#   env.logLevel       create()   written to stderr
#   not set            rejects    yes
#   set at first       rejects    no
#   set after one      rejects    yes
set -eu
VERSION=1.30.0
FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT
cd "$FOLDER"
printf '{"private":true}' > package.json
ONNXRUNTIME_NODE_INSTALL=skip npm install --no-save --no-audit --no-fund --loglevel=error "onnxruntime-node@$VERSION"
cat > run.cjs <<'JS'
process.env.ORT_DISABLE_TELEMETRY = '1';
const { env, InferenceSession } = require('onnxruntime-node');

// y = x + 1, of any number of elements (opset 13), in base64.
const MODEL = Buffer.from(
  'CAc6SAoQCgF4CgNvbmUSAXkiA0FkZBIBZyoNEAEiBAAAgD9CA29uZVoQCgF4EgsKCQgBEgUKAxIBbmIQCgF5EgsKCQgBEgUKAxIBbkIECgAQDQ==',
  'base64',
);

async function main(when) {
  if (when === 'at first') env.logLevel = 'fatal';
  if (when === 'after one') {
    await (await InferenceSession.create(MODEL, { logSeverityLevel: 4 })).release();
    env.logLevel = 'fatal';
  }
  const asked = InferenceSession.create(MODEL, { executionProviders: ['cuda'], logSeverityLevel: 4 });
  console.log(await asked.then(() => 'opens', () => 'rejects'));
}
main(process.argv[2]);
JS
cat > all.cjs <<'JS'
const { spawnSync } = require('node:child_process');
console.log(`onnxruntime-node ${require('onnxruntime-node/package.json').version}, Node ${process.version}`);
for (const [when, expected] of [['never', true], ['at first', false], ['after one', true]]) {
  const { stdout, stderr } = spawnSync(process.execPath, ['run.cjs', when], { encoding: 'utf8' });
  const isWritten = /onnxruntime/.test(stderr);
  console.log(`env.logLevel set ${when}: create() ${stdout.trim()}, ${isWritten ? 'written' : 'nothing written'} to stderr`);
  if (stdout.trim() !== 'rejects' || isWritten !== expected) process.exitCode = 1;
}
JS
node all.cjs
