/**
 * How long a LevelDB takes to open, by its size: in all, and what of it are the checks of all checksums. Records are images of 3 x 32 x 32
 * bytes that do not compress. Prints Markdown.
 *
 *   node --conditions=@caffe-quant/source --import @swc-node/register/esm-register tools/benchmarks/open-leveldb.ts [MB ..]
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkLevelDb } from '../../packages/caffe-io/src/data/check-leveldb.ts';
import { LevelDbReader } from '../../packages/caffe-io/src/data/leveldb.ts';
import { writeLevelDb } from '../../packages/caffe-io/src/data/testing/write-leveldb.ts';

const RECORD = 3 * 32 * 32;
const given = process.argv.slice(2).map(Number);

console.log('| MB | records | open ms | of it checks ms | MB/s of the checks |');
console.log('| ---: | ---: | ---: | ---: | ---: |');
for (const megabytes of given.length > 0 ? given : [8, 200]) {
  const folder = mkdtempSync(join(tmpdir(), 'caffe-quant-bench-'));
  try {
    const count = Math.floor((megabytes * 1e6) / RECORD);
    await writeLevelDb(join(folder, 'db'), [...records(count)]);
    const check = await fastest(() => checkLevelDb(join(folder, 'db')));
    const open = await fastest(async () => (await LevelDbReader.open(join(folder, 'db'))).close());
    const rate = (megabytes / check) * 1000;
    console.log(`| ${megabytes} | ${count} | ${open.toFixed(0)} | ${check.toFixed(0)} | ${rate.toFixed(0)} |`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function* records(count: number): Generator<[Uint8Array, Uint8Array]> {
  for (let i = 0; i < count; i++) yield [Buffer.from(String(i).padStart(8, '0')), randomBytes(RECORD)];
}

/** Of three, in milliseconds. */
async function fastest(work: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return Math.min(...times);
}
