import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeviceUse } from '@caffe-quant/kernels';
import { deviceText, severalText } from '@caffe-quant/kernels/devices';
import type { StageContext } from '../stage.ts';
import { readFingerprint } from './fingerprint/fingerprint.ts';
import type { RunInput } from './run-input.ts';

/**
 * What computes a stage's nets. What a device has been found right in is kept by the net's graphs, what is known of device and
 * driver, and the engine: another run with equal ones does not check it again.
 */
export function deviceUse(
  { input, part, print }: Pick<StageContext, 'input' | 'part' | 'print'>,
  { device }: Pick<RunInput, 'device'>,
): DeviceUse {
  const { device: described } = readFingerprint(input('fingerprint', 'fingerprint.json'));
  if (device === undefined || described === undefined) return {};
  print(`computed by ${deviceText(described)}`);
  const several = severalText(described);
  if (several !== undefined) print(several);
  const passed = new Set<string>();
  let isTold = false;
  return {
    device,
    checks: {
      async once(key, check) {
        if (passed.has(key)) return;
        await part({ deviceCheck: key, device: described }, async (folder) => {
          if (!isTold) print(`what ${device} makes of this net is held against the processor first`);
          isTold = true;
          await check();
          await writeFile(join(folder, 'passed.json'), JSON.stringify({ device: described }));
        });
        passed.add(key);
      },
    },
  };
}
