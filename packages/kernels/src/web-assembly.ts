/** The part of WebAssembly's interface that is used here; the libraries of types that have it are those of browsers. */
interface WebAssemblyInterface {
  Memory: new (size: { initial: number }) => { buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: unknown };
}

interface SharedMemory {
  Memory: new (size: { initial: number; maximum: number; shared: true }) => { buffer: SharedArrayBuffer };
}

const { WebAssembly: found } = globalThis as unknown as { WebAssembly: WebAssemblyInterface & SharedMemory };

/** Memory of the module's own. */
export const memoryOf = (pages: number): { buffer: ArrayBuffer } => new found.Memory({ initial: pages });

/** Memory that threads share. */
export const sharedMemoryOf = (pages: number): { buffer: SharedArrayBuffer } =>
  new (found as SharedMemory).Memory({ initial: pages, maximum: pages, shared: true });

export const bytesOf = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'));

/** The functions of a module that computes in `memory`. */
export function exportsOf<Functions>(binary: Uint8Array, memory: object): Functions {
  return new found.Instance(new found.Module(binary), { host: { memory } }).exports as Functions;
}
