import type { CanonicalPlan, ClipRange } from '../quantizers/canonical-plan.ts';
import { checkClip, ulqGrid, type UlqGrid } from '../quantizers/ulq.ts';
import { clipName } from './train-graph.ts';
import type { TrainingState } from './training-state.ts';

/** A range as a forward pass uses it. */
export interface CheckedClip {
  clip: ClipRange;
  grid: UlqGrid;
  /** A bound had left the legal range and was put back before the forward pass. */
  restored: boolean;
}

/** The clip ranges of the data quantizers: they learn like weights, and are put right before each forward pass. */
export class ClipRanges {
  private readonly state: TrainingState;
  private readonly fixedMin: ReadonlySet<string>;
  /** The range that each quantizer falls back to. */
  private readonly lastGood = new Map<string, ClipRange>();

  /** @param clips the range that each quantizer starts from */
  constructor(
    state: TrainingState,
    quantizers: readonly string[],
    plan: CanonicalPlan | undefined,
    clips: ReadonlyMap<string, ClipRange> | undefined,
  ) {
    this.state = state;
    this.fixedMin = new Set(plan?.quantizers.filter(({ fixedMin }) => fixedMin).map(({ name }) => name));
    for (const name of quantizers) {
      const clip = clips?.get(name);
      if (!clip) throw new Error(`quantizer '${name}' has no range to start from`);
      this.lastGood.set(name, clip);
      state.add(clipName(name, 'max'), [], Float32Array.of(clip.max));
      state.add(clipName(name, 'min'), [], Float32Array.of(clip.min));
    }
  }

  /** The state of every range before a forward pass: restored where an update broke it, the minimum fixed where asked. */
  check(): Map<string, CheckedClip> {
    const checked = new Map<string, CheckedClip>();
    for (const [name, lastGood] of this.lastGood) {
      const [maxName, minName] = [clipName(name, 'max'), clipName(name, 'min')];
      const current = { max: this.state.scalar(maxName), min: this.state.scalar(minName) };
      const { state, restored } = checkClip({ clip: current, lastGood });
      const clip = this.fixedMin.has(name) ? { max: state.clip.max, min: 0 } : state.clip;
      this.lastGood.set(name, state.lastGood);
      this.state.setScalar(maxName, clip.max);
      this.state.setScalar(minName, clip.min);
      checked.set(name, { clip, grid: ulqGrid(clip), restored });
    }
    return checked;
  }

  fallbacks(): Record<string, ClipRange> {
    return Object.fromEntries(this.lastGood);
  }

  restore(fallbacks: Readonly<Record<string, ClipRange>>): void {
    for (const name of this.lastGood.keys()) this.lastGood.set(name, fallbacks[name]!);
  }
}
