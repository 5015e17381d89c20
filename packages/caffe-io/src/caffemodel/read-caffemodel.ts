import { type Diagnostic, DiagnosticsError } from 'caffe-prototxt-parser';
import { elementCount } from '../blob/blob.ts';
import { chooseDialect } from '../dialects/choose-dialect.ts';
import { type Dialect, dialectSchema } from '../dialects/dialect-schema.ts';
import type { LayerParameter, Messages, NetParameter, V1LayerParameter } from '../generated/caffe.ts';
import { upgradeNet } from '../upgrade/upgrade-net.ts';
import { type ByteSource, fileSource, memorySource } from '../wire/byte-source.ts';
import { decodeBudget, type DecodeBudget, decodeMessage } from '../wire/decode-message.ts';
import { WireError } from '../wire/wire-format.ts';
import { explainBroken, noLayers, type Place } from './broken-caffemodel.ts';
import type { Caffemodel, CaffemodelLayer } from './caffemodel.ts';
import { foreignFile } from './foreign-file.ts';
import { type RawLayer, type RawNet, scanCaffemodel } from './scan-caffemodel.ts';

export interface ReadCaffemodelOptions {
  /** Whose field numbers the file is written in; default: chosen by the types of its layers. Blobs do not depend on it. */
  dialect?: Dialect;
}

/**
 * Reads a caffemodel: a binary NetParameter of any year, brought to today's form. The blobs' numbers are views of `bytes`
 * where they lie aligned there, else copies. `file` is the name that errors show.
 *
 * @throws DiagnosticsError where the bytes are not a caffemodel, or broken: with the byte offset, the layer and the likely cause
 */
export function readCaffemodel(bytes: Uint8Array, file: string, options: ReadCaffemodelOptions = {}): Caffemodel {
  return read(memorySource(bytes), file, options);
}

/**
 * Reads a caffemodel from disk: every number goes from the file into its array, so that it takes no more memory than
 * the numbers do. Works beyond 2 GiB, where the whole file would not fit one buffer.
 *
 * @throws DiagnosticsError as `readCaffemodel`, and where the file cannot be read
 */
export function readCaffemodelFile(path: string, options: ReadCaffemodelOptions = {}): Caffemodel {
  let source: ReturnType<typeof fileSource>;
  try {
    source = fileSource(path);
  } catch (error) {
    throw unreadable(path, error);
  }
  try {
    return read(source, path, options);
  } catch (error) {
    throw error instanceof DiagnosticsError ? error : unreadable(path, error);
  } finally {
    source.close();
  }
}

function unreadable(file: string, error: unknown): DiagnosticsError {
  if (typeof error !== 'object' || error === null || !('code' in error)) throw error;
  const message = error.code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${String(error.code)})`;
  return new DiagnosticsError([{ code: 'unreadable-file', severity: 'error', message, file }]);
}

function read(source: ByteSource, file: string, options: ReadCaffemodelOptions): Caffemodel {
  const foreign = foreignFile(source);
  if (foreign !== undefined) throw new DiagnosticsError([{ ...foreign, file }]);
  const place: Place = { layersRead: 0 };
  try {
    const raw = scanCaffemodel(source, place);
    if (raw.layers.length === 0) throw new DiagnosticsError([{ ...noLayers(source), file }]);
    return new CaffemodelDecoder(raw, options).decode(file);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new DiagnosticsError([{ ...explainBroken(error, place, source), file }]);
  }
}

/** Turns the bytes of a net and its layers into messages of a dialect, in today's form. */
class CaffemodelDecoder {
  readonly #raw: RawNet;
  readonly #dialect: Dialect;
  readonly #budget: DecodeBudget = decodeBudget();

  constructor(raw: RawNet, options: ReadCaffemodelOptions) {
    this.#raw = raw;
    this.#dialect = options.dialect ?? this.#chooseDialect();
  }

  decode(file: string): Caffemodel {
    const old = this.#message('NetParameter', this.#raw.rest);
    const blobs = new Map<object, RawLayer>(this.#raw.layers.map((layer) => [this.#layer(layer, old), layer]));
    const { net, log } = upgradeNet(old);
    const layers = net.layer.map((param): CaffemodelLayer => {
      const { name = '', type = '' } = param;
      const { message } = log.originOf(param);
      const raw = blobs.get(message);
      // Of layers that one of the file was separated into, the first has its blobs.
      blobs.delete(message);
      return { name, type, blobs: [...(raw?.blobs ?? []), ...(raw?.inner?.blobs ?? [])], param };
    });
    const diagnostics = layers.flatMap((layer) => checkSizes(layer, file));
    return {
      name: net.name ?? '',
      layers,
      net: { ...net, layer: [] },
      format: 'binary',
      dialect: this.#dialect,
      diagnostics,
    };
  }

  #layer(raw: RawLayer, net: NetParameter): LayerParameter | V1LayerParameter {
    if (raw.field === 'layer') {
      const layer = this.#message('LayerParameter', raw.rest);
      net.layer.push(layer);
      return layer;
    }
    const layer = this.#message('V1LayerParameter', raw.rest);
    if (raw.inner !== undefined) layer.layer = this.#message('V0LayerParameter', raw.inner.rest);
    net.layers.push(layer);
    return layer;
  }

  #message<K extends keyof Messages>(name: K, bytes: Uint8Array): Messages[K] {
    const message = decodeMessage(bytes, dialectSchema(this.#dialect, name), { budget: this.#budget });
    return message as unknown as Messages[K];
  }

  #chooseDialect(): Dialect {
    const schema = dialectSchema('bvlc', 'LayerParameter');
    const layers = this.#raw.layers.filter(({ field }) => field === 'layer');
    return chooseDialect(
      layers.map(({ rest, numbers }) => {
        const { type } = decodeMessage(rest, schema);
        return { type: typeof type === 'string' ? type : '', numbers };
      }),
    );
  }
}

/** Each of a blob's arrays should have as many numbers as its shape; some forks add numbers of their own. */
function checkSizes({ name, blobs }: CaffemodelLayer, file: string): Diagnostic[] {
  return blobs.flatMap(({ shape, data, int8, int32, uint64 }, index) => {
    const wrong = [data, int8, int32, uint64].find(
      (numbers) => numbers !== undefined && numbers.length > 0 && numbers.length !== elementCount(shape),
    );
    if (wrong === undefined) return [];
    const message = `blob ${index} of layer "${name}" has ${wrong.length} numbers, its shape [${shape.join(', ')}] takes ${elementCount(shape)}`;
    return [{ code: 'blob-size', severity: 'warning', message, file, layer: name }];
  });
}
