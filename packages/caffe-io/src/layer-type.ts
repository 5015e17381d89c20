import type { MessageUse } from './fields/field-use.ts';
import type { LayerParameter } from './generated/caffe.ts';

/** How many: exactly so many, or from the first to the second number. */
export type Count = number | readonly [least: number, most: number];

/** What a layer type is, without its mathematics. */
export interface LayerType {
  /** Caffe's name for it. */
  readonly type: string;
  /** How many bottoms it takes. Source, as for the tops: `ExactNumBottomBlobs` and the like of Caffe's layer. */
  readonly bottoms: LayerCount;
  /** How many tops it makes. */
  readonly tops: LayerCount;
  /** It makes one top of each bottom. */
  readonly topPerBottom?: true;
  /** What it makes of the fields of its `LayerParameter`, besides those that every layer has. */
  readonly fields: MessageUse;
}

/** The same for all layers of the type, or as one layer's settings say. */
export type LayerCount = Count | ((layer: LayerParameter) => Count);

/** At least so many. */
export const atLeast = (least: number): Count => [least, Infinity];
