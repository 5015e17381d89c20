import type { MessageUse } from './fields/field-use.ts';
import type { AnyLayerParameter } from './generated/any-dialect.ts';
import type { LayerParameter } from './generated/caffe.ts';

/** How many: exactly so many, or from the first to the second number. */
export type Count = number | readonly [least: number, most: number];

/**
 * What a layer type is, without its mathematics.
 *
 * @typeParam Settings what a layer's fields say, parsed and checked once
 */
export interface LayerType<Settings = unknown> {
  /** Caffe's name for it. */
  readonly type: string;
  /** How many bottoms it takes. Source, as for the tops: `ExactNumBottomBlobs` and the like of Caffe's layer. */
  readonly bottoms: LayerCount<Settings>;
  /** How many tops it makes. */
  readonly tops: LayerCount<Settings>;
  /** It makes one top of each bottom. */
  readonly topPerBottom?: true;
  /** Its first top cannot be its first bottom: Caffe refuses that. */
  readonly notInPlace?: true;
  /** What it makes of the fields of its `LayerParameter`, besides those that every layer has. */
  readonly fields: MessageUse;
  /**
   * What the fields of one layer say, with Caffe's defaults; absent where the type has none. Ask `settingsOf` for it.
   *
   * @throws LayerError where they make no sense, whatever the bottoms are
   */
  settings?(layer: AnyLayerParameter): Settings;
}

/** The same for all layers of the type, or as one layer's settings say. */
export type LayerCount<Settings> = Count | { bivariant(settings: Settings): Count }['bivariant'];

/** At least so many. */
export const atLeast = (least: number): Count => [least, Infinity];

/** A layer that cannot be what its prototxt says; whoever asked adds the layer's name, file and line. */
export class LayerError extends Error {}

/**
 * Of a message the fields that `Use` says are read. A type's settings are made of this, so that a field that it does not
 * declare cannot be read: the compiler sees to that.
 */
export type Declared<Message, Use> = {
  readonly [
    Field in keyof Message as Field extends keyof Use ? (Use[Field] extends string ? never : Field) : never
  ]: Field extends keyof Use ? DeclaredValue<Message[Field], Use[Field]> : never;
};

type DeclaredValue<Value, Use> = Use extends true
  ? Value
  : Use extends ReadonlySet<infer Name>
    ? Extract<Value, Name | undefined>
    : Value extends readonly (infer Element)[]
      ? readonly Declared<Element, Use>[]
      : Value extends object
        ? Declared<Value, Use>
        : Value;

/** What a type that declares `Use` sees of a layer. */
export type LayerFields<Use> = Declared<AnyLayerParameter, Use> &
  Readonly<Pick<LayerParameter, 'name' | 'type' | 'phase' | 'bottom' | 'top' | 'param'>>;

/** `Type`, a kind of `LayerType`, as it is written down: `fields` decide what `settings` can read. */
export type LayerTypeOf<Type, Use, Settings> = Omit<Type, 'fields' | 'settings'> & {
  readonly fields: Use;
  settings?(layer: LayerFields<Use>): Settings;
};

const parsed = new WeakMap<LayerParameter, Map<LayerType, unknown>>();

/**
 * The settings of a layer of that type: parsed when they are asked for first, the same value from then on.
 *
 * @throws LayerError as `settings` does
 */
export function settingsOf<Settings>(type: LayerType<Settings>, layer: LayerParameter): Settings {
  const ofLayer = parsed.get(layer) ?? new Map<LayerType, unknown>();
  parsed.set(layer, ofLayer);
  if (!ofLayer.has(type)) {
    checkValues(layer, type.fields);
    ofLayer.set(type, type.settings?.(layer));
  }
  return ofLayer.get(type) as Settings;
}

/** Of enums of which only some values are read, no other one may reach `settings`. */
function checkValues(message: object, use: MessageUse, path = ''): void {
  for (const [name, made] of Object.entries(use)) {
    const value = (message as Record<string, unknown>)[name];
    if (value === undefined || made === true || typeof made === 'string') continue;
    for (const each of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (!(made instanceof Set)) checkValues(each as object, made as MessageUse, `${path}${name}.`);
      else if (!made.has(each)) throw new LayerError(`${path}${name}: ${String(each)} is not supported`);
    }
  }
}

/** The same layer with other settings: what a file that it names says is among them. */
export function withSettings<Settings>(
  type: LayerType<Settings>,
  layer: LayerParameter,
  settings: Settings,
): LayerParameter {
  const copy = { ...layer };
  parsed.set(copy, new Map<LayerType, unknown>([[type, settings]]));
  return copy;
}
