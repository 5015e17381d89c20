import { CROSSING_KINDS, type Crossing, type CrossingKind, type Device } from '@caffe-quant/kernels';

/** Iterations after which it is said what each of them moves: the first one takes the weights to the device. */
const SETTLED_AFTER = 2;

/** Once, after two iterations: what each moves between the processor's memory and the device's, and what stays there. */
export function crossingLine(
  done: number,
  resumedAt: number,
  crossing: Crossing | undefined,
  device: Device | undefined,
): string | undefined {
  if (!crossing || device === undefined || done - resumedAt !== SETTLED_AFTER) return undefined;
  const { toDevice, fromDevice, kept } = crossing;
  const stays =
    kept > 0
      ? `${sizeText(kept)} of weights, histories and clip ranges stay on the device`
      : `the provider ${device} cannot keep weights, histories and clip ranges on the device`;
  return `each iteration sends ${partsText(toDevice)} and reads back ${partsText(fromDevice)}; ${stays}`;
}

/** That with less to the device: an iteration after a start or a snapshot has the state to take there as well. */
export function lesserCrossing(a: Crossing | undefined, b: Crossing | undefined): Crossing | undefined {
  if (!a || !b) return a ?? b;
  return total(b.toDevice) <= total(a.toDevice) ? b : a;
}

type Parts = Crossing['toDevice'];

const total = (parts: Parts): number => Object.values(parts).reduce((sum, bytes) => sum + bytes, 0);

function partsText(parts: Parts): string {
  const list = (Object.keys(CROSSING_KINDS) as CrossingKind[]).flatMap((kind) =>
    parts[kind] === undefined ? [] : `${CROSSING_KINDS[kind]} ${sizeText(parts[kind])}`,
  );
  return `${sizeText(total(parts))} (${list.join(', ')})`;
}

/** `1.2 MB`, of a thousand each. */
export function sizeText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`;
}
