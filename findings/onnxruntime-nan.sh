#!/bin/sh
# onnxruntime-node 1.30.0, processor provider: a NaN among the elements is lost by operators that look for a maximum, and
# becomes a number in QuantizeLinear, without any error. Whoever looks for NaN by a maximum of a blob finds nothing.
# Nothing of this repository is used.
#
#   sh findings/onnxruntime-nan.sh
#
# Installs the package into a folder for temporary files and runs models of one operator on 64 values, 0 to 63, with a NaN
# at place 0, 20, 33 or 63 in turn. Ends with 1 where an operator of the first table hands the NaN on from every place, or
# one of the second loses it. Seen with Node 20.20 on Linux x64 (AVX-512):
#
#   loses it              NaN at 0   20     33     63
#   ReduceMax             NaN        63     63     63
#   ReduceMin             NaN        0      0      0
#   MaxPool 8x8           63         63     63     NaN
#   GlobalMaxPool         63         63     63     NaN
#   ArgMax                0          19     19     19
#   QuantizeLinear int8   -128       -128   -128   -128
#
#   hands it on: Relu, Max, Clip, Softmax, ReduceSum
#
# ONNX says nothing of NaN for these operators; numpy's max and PyTorch's max_pool2d hand it on.
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

// [operator, model (opset 13, x [1, 1, 8, 8] to y) in base64]
const MODELS = [
  ['ReduceMax', 'CAcSADpPCiIKAXgSAXkiCVJlZHVjZU1heCoPCghrZWVwZGltcxgAoAECEgFnWhsKAXgSFgoUCAESEAoCCAEKAggBCgIICAoCCAhiCQoBeRIECgIIAUIECgAQDQ=='],
  ['ReduceMin', 'CAcSADpPCiIKAXgSAXkiCVJlZHVjZU1pbioPCghrZWVwZGltcxgAoAECEgFnWhsKAXgSFgoUCAESEAoCCAEKAggBCgIICAoCCAhiCQoBeRIECgIIAUIECgAQDQ=='],
  ['MaxPool 8x8', 'CAcSADpTCiYKAXgSAXkiB01heFBvb2wqFQoMa2VybmVsX3NoYXBlQAhACKABBxIBZ1obCgF4EhYKFAgBEhAKAggBCgIIAQoCCAgKAggIYgkKAXkSBAoCCAFCBAoAEA0='],
  ['GlobalMaxPool', 'CAcSADpCChUKAXgSAXkiDUdsb2JhbE1heFBvb2wSAWdaGwoBeBIWChQIARIQCgIIAQoCCAEKAggICgIICGIJCgF5EgQKAggBQgQKABAN'],
  ['QuantizeLinear int8', 'CAcSADpgChwKAXgKAXMKAXoSAXkiDlF1YW50aXplTGluZWFyEgFnKgsQASIEAACAP0IBcyoIEAMqAQBCAXpaGwoBeBIWChQIARIQCgIIAQoCCAEKAggICgIICGIJCgF5EgQKAggDQgQKABAN'],
  ['ArgMax', 'CAcSADpqCg8KAXgSAWYiB0ZsYXR0ZW4KLAoBZhIBeSIGQXJnTWF4KgsKBGF4aXMYAaABAioPCghrZWVwZGltcxgAoAECEgFnWhsKAXgSFgoUCAESEAoCCAEKAggBCgIICAoCCAhiCQoBeRIECgIIB0IECgAQDQ=='],
  ['Relu', 'CAcSADo5CgwKAXgSAXkiBFJlbHUSAWdaGwoBeBIWChQIARIQCgIIAQoCCAEKAggICgIICGIJCgF5EgQKAggBQgQKABAN'],
  ['ReduceSum', 'CAcSADpPCiIKAXgSAXkiCVJlZHVjZVN1bSoPCghrZWVwZGltcxgAoAECEgFnWhsKAXgSFgoUCAESEAoCCAEKAggBCgIICAoCCAhiCQoBeRIECgIIAUIECgAQDQ=='],
  ['Max', 'CAcSADpICg4KAXgKAW8SAXkiA01heBIBZyoLEAEiBAAAAABCAW9aGwoBeBIWChQIARIQCgIIAQoCCAEKAggICgIICGIJCgF5EgQKAggBQgQKABAN'],
  ['Clip', 'CAcSADpdChQKAXgKAmxvCgJoaRIBeSIEQ2xpcBIBZyoMEAEiBAAAAABCAmxvKgwQASIEAADIQkICaGlaGwoBeBIWChQIARIQCgIIAQoCCAEKAggICgIICGIJCgF5EgQKAggBQgQKABAN'],
  ['Softmax', 'CAcSADpaCg8KAXgSAWYiB0ZsYXR0ZW4KHAoBZhIBeSIHU29mdG1heCoLCgRheGlzGAGgAQISAWdaGwoBeBIWChQIARIQCgIIAQoCCAEKAggICgIICGIJCgF5EgQKAggBQgQKABAN'],
];
const LOSES = new Set(['ReduceMax', 'ReduceMin', 'MaxPool 8x8', 'GlobalMaxPool', 'ArgMax', 'QuantizeLinear int8']);

async function main() {
  console.log(`onnxruntime-node ${require('onnxruntime-node/package.json').version}, Node ${process.version}`);
  for (const [name, model] of MODELS) {
    const session = await InferenceSession.create(Buffer.from(model, 'base64'), { logSeverityLevel: 4 });
    const results = [];
    for (const place of [0, 20, 33, 63]) {
      const values = Float32Array.from({ length: 64 }, (_, i) => (i * 37) % 64);
      values[place] = NaN;
      const { y } = await session.run({ x: new Tensor('float32', values, [1, 1, 8, 8]) });
      results.push(Number(y.data.length === 1 ? y.data[0] : y.data[place]));
    }
    const isHandedOn = results.every(Number.isNaN);
    console.log(name.padEnd(21), ...results.map((value) => String(value).padEnd(6)));
    if (isHandedOn === LOSES.has(name)) {
      console.log(`  expected: ${LOSES.has(name) ? 'lost from some place' : 'handed on from every place'}`);
      process.exitCode = 1;
    }
  }
}
main();
JS
node run.cjs
