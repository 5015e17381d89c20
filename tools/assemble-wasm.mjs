/**
 * Assembles the WebAssembly text of this repository into the modules that are committed beside other generated code.
 *
 *   node tools/assemble-wasm.mjs           writes src/generated/*-wasm.ts
 *   node tools/assemble-wasm.mjs --check   fails where they are not what the texts give
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import wabt from 'wabt';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Text, module, and the name of the constant in it. */
const MODULES = [
  [
    'packages/kernels/src/quantizers/squared-errors.wat',
    'packages/kernels/src/generated/squared-errors-wasm.ts',
    'SQUARED_ERRORS_WASM',
  ],
  [
    'packages/kernels/src/calibrate/value-statistics.wat',
    'packages/kernels/src/generated/value-statistics-wasm.ts',
    'VALUE_STATISTICS_WASM',
  ],
];

const FEATURES = { simd: true, threads: true };

const { parseWat } = await wabt();
for (const [source, output, name] of MODULES) {
  const module = parseWat(source, readFileSync(ROOT + source, 'utf8'), FEATURES);
  module.validate(FEATURES);
  const { buffer } = module.toBinary({});
  module.destroy();
  const base64 = Buffer.from(buffer).toString('base64');
  const text = `/** Generated from ${source.split('/src/')[1]} by \`npm run generate\`. ${buffer.length} bytes, base64. */\nexport const ${name} =\n  '${base64}';\n`;
  if (existsSync(ROOT + output) && readFileSync(ROOT + output, 'utf8') === text) continue;
  if (process.argv.includes('--check')) {
    console.error(`${output} is not what ${source} gives: run \`npm run generate\`.`);
    process.exitCode = 1;
  } else {
    writeFileSync(ROOT + output, text);
    console.log(`wrote ${output}`);
  }
}
