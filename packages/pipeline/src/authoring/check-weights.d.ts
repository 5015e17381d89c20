import type { NamedText } from './net-of-text.ts';
/**
 * Whether a file has the weights of a net, before it is taken for them.
 *
 * @param weights where they are, or their bytes
 * @param shown what messages call them
 * @throws DiagnosticsError where it is no weights file, is damaged, or has no layer of the net
 */
export declare function checkWeights(weights: string | Uint8Array, shown: string, net: NamedText): Promise<void>;
//# sourceMappingURL=check-weights.d.ts.map