import { WireReader } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

test("integers of ten bytes survive wherever they fall in the writer's buffers", () => {
  const values = Array.from({ length: 5000 }, (_, i) => (i % 3 === 0 ? i : -i));
  const writer = new WireWriter();
  for (const value of values) writer.integer(value);
  const reader = new WireReader(Buffer.concat(writer.chunks()), 0);
  expect(values.map(() => reader.int32())).toEqual(values.map((value) => value + 0));
  expect(reader.atEnd).toBe(true);
});
