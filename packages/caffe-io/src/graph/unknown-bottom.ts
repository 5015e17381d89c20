import type { LayerParameter, Phase } from '../generated/caffe.ts';

/** A bottom that no earlier layer makes, and the net around it. */
export interface UnknownBottom {
  name: string;
  /** Of the layer that reads it, in `included`. */
  index: number;
  /** The layers of this phase, in order. */
  included: readonly LayerParameter[];
  /** The layers of every phase. */
  all: readonly LayerParameter[];
  /** The known blob of the nearest name. */
  suggestion: string | undefined;
  phase: Phase;
  /** ` (line 12)` or nothing. */
  lineOf(layer: LayerParameter): string;
}

/** Says why a bottom is not there: made later, made in a circle, made only in another phase, or misspelt. */
export function explainUnknownBottom(bottom: UnknownBottom): { code: string; message: string; hint?: string } {
  const { name, index, included, all, suggestion, phase, lineOf } = bottom;
  const reader = included[index]?.name ?? '';
  const later = included.findIndex((layer, at) => at > index && layer.top.includes(name));
  const maker = included[later];
  if (maker !== undefined) {
    const circle = pathBetween(included, index, later);
    if (circle !== undefined) {
      const names = [...circle, index].map((at) => `"${included[at]?.name ?? ''}"`).join(' -> ');
      return { code: 'cycle', message: `the layers feed each other in a circle: ${names}, through the blob "${name}"` };
    }
    const hint = `move layer "${maker.name ?? ''}"${lineOf(maker)} before it`;
    return { code: 'bottom-made-later', message: `layer "${reader}" reads the blob "${name}" before it is made`, hint };
  }
  const elsewhere = all.find((layer) => !included.includes(layer) && layer.top.includes(name));
  const message = `layer "${reader}" reads the blob "${name}", which no layer makes`;
  if (elsewhere !== undefined) {
    const hint = `layer "${elsewhere.name ?? ''}"${lineOf(elsewhere)} makes it, but is not in the net in ${phase}`;
    return { code: 'unknown-bottom', message: `${message} in ${phase}`, hint };
  }
  return {
    code: 'unknown-bottom',
    message,
    ...(suggestion === undefined ? {} : { hint: `did you mean "${suggestion}"?` }),
  };
}

/** A way from one layer's tops to another layer, over blob names; both ends included. */
function pathBetween(layers: readonly LayerParameter[], from: number, to: number): number[] | undefined {
  const cameFrom = new Map<number, number>([[from, from]]);
  const queue = [from];
  for (const at of queue) {
    if (at === to) {
      const path = [at];
      for (let step = at; step !== from; path.unshift(step)) step = cameFrom.get(step) ?? from;
      return path;
    }
    const tops = layers[at]?.top ?? [];
    for (const [next, layer] of layers.entries()) {
      if (!cameFrom.has(next) && layer.bottom.some((bottom) => tops.includes(bottom))) {
        cameFrom.set(next, at);
        queue.push(next);
      }
    }
  }
  return undefined;
}
