import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Device } from './device.ts';
import { isOnDevice } from './device-tensor.ts';
import { identityModel } from './identity-model.ts';
import { openSession } from './session.ts';

/**
 * Copies of float tensors between a device's memory and the processor's, by graphs that compute nothing: `Tensor.getData` has
 * no way to read what is on the device in Node. A session of the processor that is given such a tensor reads something else
 * without an error; so these are the device's own.
 */
export class DeviceMemory {
  readonly #device: Device;
  #downloads: Promise<InferenceSession> | undefined;
  #uploads: Promise<InferenceSession> | undefined;

  constructor(device: Device) {
    this.#device = device;
  }

  /** A copy of a tensor's elements, wherever they are. */
  async read(tensor: Tensor): Promise<Float32Array> {
    if (!isOnDevice(tensor)) return (tensor.data as Float32Array).slice();
    const session = await (this.#downloads ??= openSession(identityModel(), { device: this.#device }));
    const { y } = await session.run({ x: tensor });
    return y!.data as Float32Array;
  }

  /** The same tensor in the device's memory, of a device that keeps any. */
  async write(tensor: Tensor): Promise<Tensor> {
    const session = await (this.#uploads ??= openSession(identityModel(), { device: this.#device, kept: ['y'] }));
    const { y } = await session.run({ x: tensor });
    return y!;
  }

  async release(): Promise<void> {
    for (const session of [this.#downloads, this.#uploads]) await (await session)?.release();
  }
}
