import {
  floatTensor,
  openDelivered,
  type OnnxContents,
  readModel,
  type RunOutput,
  type Shape,
} from '@caffe-quant/kernels';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { layerOf } from './free-batch.ts';

type Session = Awaited<ReturnType<typeof openDelivered>>;

/** A delivered ONNX model, opened as its users open it. */
export class OnnxModel {
  readonly contents: OnnxContents;
  readonly #session: Session;
  readonly #file: string;

  private constructor(contents: OnnxContents, session: Session, file: string) {
    this.contents = contents;
    this.#session = session;
    this.#file = file;
  }

  /**
   * @param file of the net that the model was made of, for messages
   * @throws DiagnosticsError where onnxruntime refuses the model, with the layer
   */
  static async open(model: Uint8Array, file: string): Promise<OnnxModel> {
    const contents = readModel(model);
    try {
      return new OnnxModel(contents, await openDelivered(model), file);
    } catch (error) {
      throw refused('open', file, contents, error);
    }
  }

  /** Images in a run; undefined where any number will do. */
  get batchSize(): number | undefined {
    const size = this.contents.inputs[0]?.shape[0];
    return typeof size === 'number' ? size : undefined;
  }

  /**
   * Runs one batch: an array per input, by name. The outputs come by name.
   * @throws DiagnosticsError where onnxruntime cannot run the model, with the layer
   */
  async run(batch: ReadonlyMap<string, Float32Array>, images: number): Promise<Map<string, RunOutput>> {
    const feeds = Object.fromEntries(
      this.contents.inputs.map(({ name, shape }) => {
        const dims: Shape = [images, ...shape.slice(1).map(Number)];
        return [name, floatTensor(batch.get(name)!, dims)];
      }),
    );
    try {
      const results = await this.#session.run(feeds);
      return new Map(
        Object.entries(results).map(([name, { dims, data }]) => [name, { shape: dims, data: data as Float32Array }]),
      );
    } catch (error) {
      throw refused('run', this.#file, this.contents, error);
    }
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}

/** In words of our own, with the layer whose node onnxruntime's message names. */
function refused(what: 'open' | 'run', file: string, { nodes }: OnnxContents, error: unknown): DiagnosticsError {
  const text = error instanceof Error ? error.message : String(error);
  const [node] = nodes.filter(({ name }) => text.includes(name)).sort((a, b) => b.name.length - a.name.length);
  const place = node ? `: it does not take the ${node.op} that the layer became` : '';
  return new DiagnosticsError([
    {
      code: 'onnx-refused',
      severity: 'error',
      message: `onnxruntime cannot ${what} the ONNX model of the net${place}`,
      file,
      ...(node && { layer: layerOf(node) }),
      hint: 'nothing is delivered that was not tried; this is a fault of caffe-quant: please report it with the prototxt',
    },
  ]);
}
