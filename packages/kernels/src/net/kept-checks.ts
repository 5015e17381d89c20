import { createHash } from 'node:crypto';
import type { Device } from '../graph/device.ts';
import { sessionSettings } from '../graph/session.ts';

/** Where it is kept what a device has been found right in. */
export interface KeptChecks {
  /**
   * Does `check`, unless one with the same key has gone well before.
   * @param key tells the graphs, their shapes and the settings of the engine; what is known of device, driver and engine the
   *   keeper has to add
   */
  once(key: string, check: () => Promise<void>): Promise<void>;
}

/** What computes, and where it is kept what that has been found right in. */
export interface DeviceUse {
  /** Default: `cpu`. */
  device?: Device | undefined;
  /** Default: as long as the process runs. */
  checks?: KeptChecks | undefined;
}

const passed = new Set<string>();

/** Keeps them as long as the process runs; what fails is checked again. */
export const CHECKS_OF_PROCESS: KeptChecks = {
  async once(key, check) {
    if (passed.has(key)) return;
    await check();
    passed.add(key);
  },
};

/** Tells graphs apart by all that decides what a device makes of them. */
export function checkKey(purpose: 'forward' | 'training', models: readonly Uint8Array[], device: Device): string {
  const hash = createHash('sha256').update(purpose);
  for (const model of models) hash.update(JSON.stringify(sessionSettings(model, device))).update(model);
  return hash.digest('hex');
}
