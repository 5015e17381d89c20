import { availableParallelism } from 'node:os';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { checkDevice, refused } from '../adapters/unavailable-device.ts';
import type { Device } from './device.ts';
import { keepsTensors, ON_DEVICE } from './device-tensor.ts';
import type { ElementType } from './graph-builder.ts';
import { loadedOnnxruntime, loadOnnxruntime } from './onnxruntime.ts';
import { identityModel } from './identity-model.ts';
import { graphNodes } from './read-model.ts';
import { WEBGPU, webgpuProvider } from './webgpu.ts';

export type TensorData = Float32Array | Int32Array | Int8Array | Uint8Array | BigInt64Array;

const TENSOR_TYPE: Partial<Record<ElementType, Tensor.Type>> = {
  float: 'float32',
  int8: 'int8',
  uint8: 'uint8',
  int32: 'int32',
  int64: 'int64',
};

/**
 * A tensor over `data`, which is neither copied nor owned: writing to `data` changes the tensor. For a session that is
 * open: the first one loads the library.
 */
export function tensor(type: ElementType, data: TensorData, shape: readonly number[]): Tensor {
  const ortType = TENSOR_TYPE[type];
  if (!ortType) throw new Error(`no onnxruntime tensor of type ${type}`);
  const { Tensor } = loadedOnnxruntime();
  return new Tensor(ortType as 'float32', data as Float32Array, shape);
}

export const floatTensor = (data: Float32Array, shape: readonly number[]): Tensor => tensor('float', data, shape);

/**
 * Threads of one session: `CAFFE_QUANT_THREADS`, else one a core. An environment variable and no option, since Nx
 * hashes every option and the number of threads never changes a result.
 */
export function threadCount(environment: NodeJS.ProcessEnv = process.env): number {
  const asked = Number(environment['CAFFE_QUANT_THREADS']);
  return Number.isInteger(asked) && asked > 0 ? asked : availableParallelism();
}

export interface SessionOptions {
  /** Default: `threadCount()`. */
  threads?: number | undefined;
  /** What computes; the nodes that it has no kernels for are left to the processor. Default: `cpu`. */
  device?: Device | undefined;
  /** Outputs that stay in the device's memory, where it keeps any: see `keepsTensors`. */
  kept?: readonly string[] | undefined;
}

/**
 * Opens a model for execution. Quantize/dequantize pairs stay what they are (the optimizer would turn them into integer
 * kernels with other rounding), and threads do not spin while idle, so that a busy machine is not made slower.
 * @throws DiagnosticsError where the device cannot be used here.
 */
export async function openSession(model: Uint8Array, options: SessionOptions = {}): Promise<InferenceSession> {
  const { device = 'cpu' } = options;
  if (device === 'cpu') return createSession(model, 'cpu', options);
  await checkDevice(device);
  try {
    const session = await createSession(model, device, options);
    await keepCompiled(device);
    return session;
  } catch (error) {
    // A model that the processor does not take either is no matter of the device.
    await (await createSession(model, 'cpu', options)).release();
    throw refused(device, error);
  }
}

let keeper: Promise<InferenceSession> | undefined;

/**
 * Keeps what WebGPU has compiled as long as the process runs: with its last session onnxruntime (1.30) gives up the device, and
 * with that all shaders, which take longer to compile than a run of most nets takes. So one session that is never run stays open.
 */
async function keepCompiled(device: Device): Promise<void> {
  if (device === 'webgpu') await (keeper ??= createSession(identityModel(), device, {}));
}

async function createSession(model: Uint8Array, device: Device, options: SessionOptions) {
  const { threads = threadCount(), kept = [] } = options;
  const { InferenceSession } = await loadOnnxruntime();
  const { executionProviders, disabledOptimizers } = sessionSettings(model, device);
  return InferenceSession.create(model, {
    executionProviders,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // A pattern is laid out in one piece of memory beside what the first run took: twice as much, and no faster.
    enableMemPattern: false,
    interOpNumThreads: 1,
    intraOpNumThreads: threads,
    // What it has to say of errors comes as an error, and not to the terminal too.
    logSeverityLevel: 4,
    ...(kept.length > 0 &&
      keepsTensors(device) && { preferredOutputLocation: Object.fromEntries(kept.map((name) => [name, ON_DEVICE])) }),
    extra: {
      session: {
        disable_quant_qdq: '1',
        x64quantprecision: '1',
        intra_op: { allow_spinning: '0' },
      },
      optimization: { disable_specified_optimizers: disabledOptimizers.join(';') },
    },
  });
}

/** What the session of a model is told of its device, and of what is not to be optimized. */
export function sessionSettings(model: Uint8Array, device: Device) {
  const isWebgpu = device === 'webgpu';
  const provider = isWebgpu ? webgpuProvider(graphNodes(model)) : device;
  return {
    executionProviders: device === 'cpu' ? ['cpu'] : [provider, 'cpu'],
    // The first would undo the transposition that keeps a product's bytes free of the thread count (see product.ts).
    disabledOptimizers: ['GemmTransposeFusion', ...(isWebgpu ? WEBGPU.disabledOptimizers : [])],
  };
}

/**
 * Opens a delivered model as its users will: quantize/dequantize pairs become integer kernels, here those whose products do
 * not saturate on any processor. On one thread, so that the figures measured with it are the same on any number of cores.
 */
export async function openDelivered(model: Uint8Array): Promise<InferenceSession> {
  const { InferenceSession } = await loadOnnxruntime();
  return InferenceSession.create(model, {
    executionProviders: ['cpu'],
    interOpNumThreads: 1,
    intraOpNumThreads: 1,
    logSeverityLevel: 4,
    extra: { session: { x64quantprecision: '1' } },
  });
}
