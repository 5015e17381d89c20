import { type LayerParameter, type LayerType, settingsOf } from '@caffe-quant/caffe-io';

/** What is true of all layers of a type, or as one layer's settings say; absent: it is not known to be true of any. */
export type Trait<Settings, Said = true> = Said | { bivariant(settings: Settings): Said | false }['bivariant'];

/** What is to be known of what layers of a type make, without computing it. */
export interface LayerTraits<Settings = unknown> {
  /** It is one of Caffe's `LossLayer`s: `isLossLayer`. */
  readonly loss?: true;
  /** What its tops measure of a net: shares of records, of which more is better, or detections that are to be counted. */
  readonly measures?: 'share' | 'detections';
  /** Of a loss: how many of its first bottoms a model makes, and not the labels; absent: one. */
  readonly modelBottoms?: number;
  /** Of a loss: the type of the layer that makes of its first bottom what it compares with the labels, where one does. */
  readonly scoreLayer?: 'Softmax' | 'Sigmoid';
  /** Its tops follow from the shapes of its bottoms, and are the same for every image. */
  readonly sameForAllImages?: true;
  /**
   * It hides nothing: where an element of its bottoms is NaN or infinite, whatever is computed of it is NaN or infinite too.
   * Sums and products do that; a maximum, a saturating function or a division may not, and neither does a quantizer.
   */
  readonly showsNotFinite?: Trait<Settings>;
  /** Its tops are finite where its bottoms are. */
  readonly keepsFinite?: Trait<Settings>;
  /** It rounds, or draws a choice: where its bottoms differ by a last bit its tops may differ by a step. */
  readonly takesSteps?: Trait<Settings>;
  /** Where it works element by element and finite numbers may become others: what is to be done then. */
  readonly notFiniteHint?: string;
  /** Its tops are never negative: whatever its bottoms are, or where all of its bottoms are not, or the first of them. */
  readonly nonNegative?: Trait<Settings, NonNegative>;
}

export type NonNegative = 'always' | 'as its bottoms' | 'as its first bottom';

/** What a layer type is, with what is to be known of its tops. */
export type TraitedType = LayerType & LayerTraits;

/** @throws LayerError where it depends on settings that make no sense */
export function traitOf<Name extends 'showsNotFinite' | 'keepsFinite' | 'takesSteps' | 'nonNegative'>(
  type: TraitedType | undefined,
  name: Name,
  layer: LayerParameter,
): Exclude<LayerTraits[Name], undefined | ((...settings: never) => unknown)> | false;
export function traitOf(
  type: TraitedType | undefined,
  name: 'showsNotFinite' | 'keepsFinite' | 'takesSteps' | 'nonNegative',
  layer: LayerParameter,
): true | NonNegative | false {
  const trait = type?.[name];
  return (typeof trait === 'function' ? trait(settingsOf(type!, layer)) : trait) ?? false;
}
