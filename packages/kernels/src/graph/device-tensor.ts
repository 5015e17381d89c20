import type { Tensor } from 'onnxruntime-node';
import type { Device } from './device.ts';

/**
 * Whether onnxruntime-node hands over a tensor that stays in a device's memory. Its binding (1.30) knows WebGPU's buffers and
 * no other; of another provider it would take an address on the device for one in the processor's memory. What it hands over
 * tells by its `location` where it is, so that a version that copies all the same is no fault.
 * Source: `OrtValueToNapiValue` of `tensor_helper.cc`.
 */
export const keepsTensors = (device: Device): boolean => device === 'webgpu';

/** Where a tensor is that a device keeps. */
export const ON_DEVICE = 'gpu-buffer';

/** Whether a tensor is in a device's memory: its `data` cannot be read then. */
export const isOnDevice = (tensor: Tensor): boolean => tensor.location === ON_DEVICE;

/** Gives the memory of a tensor back. What lies in the processor's memory is freed by itself. */
export function discard(tensor: Tensor): void {
  if (isOnDevice(tensor)) tensor.dispose();
}
