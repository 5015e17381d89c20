import { clipRate } from '../solvers/clip-steps.ts';
import { learningRate } from '../solvers/lr-policy.ts';
import {
  afterPlateauStep,
  PLATEAU_LOSS,
  PLATEAU_MEAN,
  PLATEAU_START,
  type PlateauChoice,
  plateauChoice,
  type PlateauState,
} from '../solvers/plateau.ts';
import { SOLVER_KERNELS } from '../solvers/registry.ts';
import { scheduledMomentum, scheduledWeightDecay } from '../solvers/schedules.ts';
import type { SolverSettings } from '../solvers/solver-settings.ts';
import { CLIP_RATE, LEARNING_RATE, MOMENTUM, WEIGHT_DECAY } from './train-graph.ts';

/** The scalars of the update that change from iteration to iteration, by the names of the graph's inputs. */
export class UpdateSchedule {
  private state: PlateauState | undefined;
  private readonly settings: SolverSettings;
  private readonly takesClipRate: boolean;
  /** What all rates are multiplied by. */
  rateFactor = 1;

  /** @param takesClipRate whether the graph has ranges that learn by steps of their own */
  constructor(settings: SolverSettings, takesClipRate: boolean) {
    this.settings = settings;
    this.takesClipRate = takesClipRate;
    this.state = settings.rate.policy.kind === 'plateau' ? PLATEAU_START : undefined;
  }

  /** Where the policy `plateau` stands; undefined for the others, which depend on the iteration alone. */
  get plateau(): PlateauState | undefined {
    return this.state;
  }

  /** @throws Error where the policy is `plateau` and `plateau` does not say where it stands */
  restore(plateau: PlateauState | undefined): void {
    if (this.state && !plateau) throw new Error('the snapshot does not say where the learning rate stands');
    if (this.state) this.state = plateau;
  }

  /** Outputs of the step that `after` reads. */
  get outputs(): string[] {
    return this.state ? [PLATEAU_LOSS, PLATEAU_MEAN] : [];
  }

  /** The learning rate of an iteration; with the policy `plateau`, that of one with a new minimum of the loss. */
  rate(iteration: number): number {
    return this.rateFactor * learningRate(this.settings.rate, iteration, this.state?.falls);
  }

  /** What an iteration is fed with, after all but its last batch have had these losses. */
  before(iteration: number, earlierLosses: readonly number[]): Record<string, number> {
    const { settings } = this;
    const factor = SOLVER_KERNELS[settings.type].rateFactor?.(settings, iteration) ?? 1;
    const momentum = scheduledMomentum(settings.momentum, settings.rate, iteration);
    const decay = scheduledWeightDecay(settings.decay, iteration);
    const choice = this.choice(iteration, earlierLosses);
    return {
      [LEARNING_RATE]: this.rate(iteration) * factor,
      ...(this.takesClipRate && {
        [CLIP_RATE]: this.rateFactor * clipRate(settings.rate, iteration, this.state?.falls),
      }),
      ...(momentum !== undefined && { [MOMENTUM]: momentum }),
      ...(decay !== undefined && { [WEIGHT_DECAY]: decay }),
      ...(choice && { 'plateau/rate_without_minimum': choice.otherwise * this.rateFactor * factor }),
      ...choice?.scalars,
    };
  }

  /** Takes note of an iteration that is done; returns the learning rate that it had. */
  after(iteration: number, output: (name: string) => number): number {
    const { rate } = this.settings;
    const { state } = this;
    if (!state || rate.policy.kind !== 'plateau') return this.rate(iteration);
    const mean = output(PLATEAU_MEAN);
    const { onMinimum, otherwise } = this.choice(iteration, [])!;
    this.state = afterPlateauStep(rate, rate.policy, state, iteration, { loss: output(PLATEAU_LOSS), mean });
    return this.rateFactor * (mean < state.minimum ? onMinimum : otherwise);
  }

  private choice(iteration: number, earlierLosses: readonly number[]): PlateauChoice | undefined {
    const { rate } = this.settings;
    if (!this.state || rate.policy.kind !== 'plateau') return undefined;
    return plateauChoice(rate, rate.policy, this.state, iteration, earlierLosses);
  }
}
