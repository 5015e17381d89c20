/** What is known of devices, without the engine: for what runs before anything is computed. */
export { describeDevice, deviceText, severalText, type DeviceDescription } from './adapters/describe-device.ts';
