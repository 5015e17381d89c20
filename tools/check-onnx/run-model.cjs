/**
 * Opens and times an ONNX model in one version of onnxruntime, in a process of its own: two versions do not share one.
 *
 *   node run-model.cjs <folder of onnxruntime-node> <model> <inputs.json>
 *
 * `inputs.json` has, by name, dims and base64 float32 data of one image. Prints JSON: the error, or milliseconds a run (the median)
 * and the outputs.
 */
process.env.ORT_DISABLE_TELEMETRY ??= '1';
const { readFileSync } = require('node:fs');

const WARM_UP = 3;
const RUNS = 15;

async function main([runtime, model, inputs]) {
  const { InferenceSession, Tensor } = require(runtime);
  const session = await InferenceSession.create(model, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 4,
    extra: { session: { x64quantprecision: '1' } },
  });
  const feeds = {};
  for (const [name, { dims, data }] of Object.entries(JSON.parse(readFileSync(inputs, 'utf8')))) {
    if (!session.inputNames.includes(name)) continue;
    const bytes = Buffer.from(data, 'base64');
    feeds[name] = new Tensor(
      'float32',
      new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)),
      dims,
    );
  }
  const times = [];
  let outputs = {};
  for (let run = 0; run < WARM_UP + RUNS; run++) {
    const start = performance.now();
    outputs = await session.run(feeds);
    if (run >= WARM_UP) times.push(performance.now() - start);
  }
  const milliseconds = times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
  return {
    milliseconds,
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, [...data]])),
  };
}

main(process.argv.slice(2)).then(
  (result) => console.log(JSON.stringify(result)),
  (error) => console.log(JSON.stringify({ error: String(error.message).split('\n')[0] })),
);
