import { median } from './median.ts';

/** An event of onnxruntime's profile. */
export interface ProfileEvent {
  cat: string;
  name: string;
  /** Microseconds. */
  ts: number;
  dur: number;
  args?: Readonly<Record<string, unknown>>;
}

/** What a node, or all nodes of one operator, cost in a step. */
export interface Cost {
  /** The operator's type, or the node's name. */
  name: string;
  /** Of one node alone. */
  op: string;
  nodes: number;
  /** Median over the steps. */
  milliseconds: number;
  /** Read and written: the sizes of inputs, constants and outputs. */
  bytes: number;
}

export interface StepProfile {
  steps: number;
  operators: Cost[];
  nodes: Cost[];
  /** Median milliseconds of a step in kernels. */
  kernels: number;
  /** Median milliseconds of a run of the graph. */
  wall: number;
  bytes: number;
  /** Bytes that the engine's arena has in use at most, and the node that runs then. */
  inUse: { bytes: number; node: string };
}

/** Their output is their input by another name. */
const VIEWS = new Set(['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze']);

/**
 * What the runs of one graph cost, without the first `warmUp` ones: costs largest first.
 * @throws Error where no run is left.
 */
export function stepProfile(events: readonly ProfileEvent[], warmUp: number): StepProfile {
  const runs = events.filter(({ cat, name }) => cat === 'Session' && name === 'model_run');
  const measured = runs.sort((a, b) => a.ts - b.ts).slice(warmUp);
  if (measured.length === 0)
    throw new Error(`the profile has ${runs.length} runs, of which ${warmUp} are not measured`);
  const kernels = events.filter(({ cat, name }) => cat === 'Node' && name.endsWith(KERNEL));
  const steps = measured.map(({ ts, dur }) => kernels.filter((event) => event.ts >= ts && event.ts < ts + dur));
  const sizes = kernels.map((event) => ({ bytes: number(event, 'mem_bytes_in_use'), node: nodeOf(event) }));
  return {
    steps: steps.length,
    operators: costs(steps, opOf),
    nodes: costs(steps, nodeOf),
    kernels: median(steps.map((step) => step.reduce((sum, { dur }) => sum + dur, 0))) / 1000,
    wall: median(measured.map(({ dur }) => dur)) / 1000,
    bytes: steps[0]!.reduce((sum, event) => sum + bytesOf(event), 0),
    inUse: sizes.reduce((most, size) => (size.bytes > most.bytes ? size : most), { bytes: 0, node: '' }),
  };
}

const KERNEL = '_kernel_time';
const nodeOf = ({ name }: ProfileEvent): string => name.slice(0, -KERNEL.length);
const opOf = ({ args }: ProfileEvent): string => String(args?.['op_name']);
const number = ({ args }: ProfileEvent, field: string): number => Number(args?.[field] ?? 0);

const bytesOf = (event: ProfileEvent): number =>
  VIEWS.has(opOf(event))
    ? 0
    : number(event, 'activation_size') + number(event, 'parameter_size') + number(event, 'output_size');

/** Bytes and numbers of nodes are those of the first step: the same graph runs in all. */
function costs(steps: readonly (readonly ProfileEvent[])[], keyOf: (event: ProfileEvent) => string): Cost[] {
  const found = new Map<string, Cost & { durations: number[] }>();
  for (const [i, step] of steps.entries()) {
    for (const event of step) {
      const name = keyOf(event);
      const zero = { name, op: opOf(event), nodes: 0, milliseconds: 0, bytes: 0, durations: steps.map(() => 0) };
      const cost = found.get(name) ?? zero;
      found.set(name, cost);
      cost.durations[i]! += event.dur;
      if (i > 0) continue;
      cost.nodes++;
      cost.bytes += bytesOf(event);
    }
  }
  return [...found.values()]
    .map(({ durations, ...cost }) => ({ ...cost, milliseconds: median(durations) / 1000 }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
}

/** As text: a line an operator, then the `top` nodes. Nodes are named after their layer: `<layer>/<operator>_<n>`. */
export function profileText(profile: StepProfile, top: number): string {
  const { operators, nodes, kernels, wall, bytes, inUse, steps } = profile;
  const line = (name: string, cost: Omit<Cost, 'name' | 'op'>) =>
    [
      name.padEnd(44),
      `${cost.milliseconds.toFixed(2).padStart(9)} ms`,
      `${((100 * cost.milliseconds) / kernels).toFixed(1).padStart(5)} %`,
      `${String(cost.nodes).padStart(5)} nodes`,
      `${(cost.bytes / 2 ** 20).toFixed(1).padStart(9)} MiB`,
      cost.milliseconds > 0 ? `${(cost.bytes / cost.milliseconds / 1e6).toFixed(1).padStart(6)} GB/s` : '',
    ].join(' ');
  const all = { milliseconds: kernels, bytes, nodes: operators.reduce((sum, { nodes }) => sum + nodes, 0) };
  return [
    `medians of ${steps} steps`,
    ...operators.map((cost) => line(cost.name, cost)),
    line('all kernels', all),
    `run of the graph ${wall.toFixed(2)} ms, ${(wall - kernels).toFixed(2)} of them outside kernels`,
    `memory of the engine's arena in use at most ${(inUse.bytes / 2 ** 20).toFixed(0)} MiB, after ${inUse.node}`,
    `the ${Math.min(top, nodes.length)} longest nodes`,
    ...nodes.slice(0, top).map((cost) => line(cost.name, cost)),
  ].join('\n');
}
