import { describeNotFinite, findNotFinite, type NetGraph } from '@caffe-quant/caffe-io';
import type { CanonicalPlan } from '../quantizers/canonical-plan.ts';
import type { Diagnostic } from 'caffe-prototxt-parser';
import type { Device } from '../graph/device.ts';
import type { Shape } from '../graph/graph-builder.ts';
import type { NetWeights } from '../net/net-params.ts';
import { findNotFiniteLayer } from '../net/net-runner.ts';
import { SOLVER_KERNELS } from '../solvers/registry.ts';
import type { SolverType } from '../solvers/solver-types.ts';
import type { RunInput } from './graph-run.ts';
import { clipName, historyName, paramName, type TrainGraph } from './train-graph.ts';
import type { TrainingState } from './training-state.ts';

/** A run whose numbers are not all finite, before what it wrote becomes current. */
export interface BrokenRun {
  net: NetGraph;
  inputShapes: ReadonlyMap<string, Shape>;
  plan: CanonicalPlan | undefined;
  device: Device | undefined;
  solverType: SolverType;
  graph: TrainGraph;
  /** What the run read. */
  weights: NetWeights;
  state: TrainingState;
  input: RunInput;
  loss: number;
}

/**
 * What was not finite in a run: a blob of the forward pass, the objective, or what was written. Undefined where all is
 * finite and only the sum that tells is beyond float32.
 */
export async function causeOfNotFinite(run: BrokenRun): Promise<Diagnostic | undefined> {
  const { net, graph, state, loss } = run;
  const forward = await brokenForward(run);
  if (forward) return forward;
  const at = { code: 'not-finite', severity: 'error' as const, file: net.file };
  if (!Number.isFinite(loss)) return { ...at, message: `the loss is ${loss}` };
  for (const { name, what, layer, shape } of written(graph, run.solverType)) {
    const broken = findNotFinite(await state.readNext(name));
    if (!broken) continue;
    const line = net.layers.find((each) => each.name === layer)?.line;
    const place = shape.length === 0 ? `it is ${broken.value}` : describeNotFinite(broken, shape);
    const message = `the update makes ${what} of layer "${layer}" not finite: ${place}`;
    return { ...at, layer, ...(line !== undefined && { line }), message };
  }
  return undefined;
}

/** The problem, with when it was and what helps. */
export function inIteration(problem: Diagnostic, iteration: number, rate: number): Diagnostic {
  const message = `${problem.message}, in iteration ${iteration} with the learning rate ${Number(rate.toPrecision(6))}`;
  if (iteration === 0 && problem.hint !== undefined) return { ...problem, message };
  return { ...problem, message, hint: HINT };
}

const HINT = 'training diverges: try a tenth of base_lr, or set clip_gradients in the solver';

/** Goes through the forward pass again, with the weights, ranges and random numbers of the run. */
async function brokenForward(run: BrokenRun): Promise<Diagnostic | undefined> {
  const { net, inputShapes, weights, plan, device, graph, state, input } = run;
  const clips = new Map([...input.clips].map(([name, { clip }]) => [name, clip]));
  return findNotFiniteLayer(
    {
      ...{ graph: net, inputShapes, weights, outputs: graph.losses, device },
      ...(plan && { plan, clips }),
      ...{ seed: input.seed, firstRun: input.pass, carried: await state.all() },
    },
    input.batch,
  );
}

/** What a step writes, in words: blobs with their histories, and clip ranges. */
function written({ params, quantizers, state }: TrainGraph, solverType: SolverType) {
  const shapes = new Map(state.map(({ name, shape }) => [name, shape]));
  const { historyCount } = SOLVER_KERNELS[solverType];
  const ofParams = params.flatMap(({ key, layer, index }) => {
    const name = paramName(key);
    const histories = Array.from({ length: historyCount }, (_, i) => historyName(name, i));
    return [
      { name, layer, what: `blob ${index}` },
      ...histories.map((history) => ({ name: history, layer, what: `the solver's history of blob ${index}` })),
    ];
  });
  const ofRanges = quantizers.flatMap((layer) =>
    (['max', 'min'] as const).map((end) => ({ name: clipName(layer, end), layer, what: `clip_${end}` })),
  );
  return [...ofParams, ...ofRanges].flatMap((each) => {
    const shape = shapes.get(each.name);
    return shape ? [{ ...each, shape }] : [];
  });
}
