import type { JsonNode } from '@caffe-quant/config';
import type { EvaluationResult } from '@caffe-quant/report';
/** What a limit counts in, and how far it lets the integer model be from the float one. */
declare const UNITS: {
    readonly points: "hundredths of an accuracy or a mean average precision, below float";
    readonly AP: "hundredths of a mean average precision, below float";
    readonly dB: "signal-to-noise ratio of an output against float, at least";
    readonly '%': "of a loss, above float";
};
type Unit = keyof typeof UNITS;
/** A limit of `accuracy` in thresholds.json, as it was written there. */
export interface AccuracyLimit {
    /** Absent: the first metric that the unit fits, of signal-to-noise ratios every one. */
    readonly metric?: string;
    readonly amount: number;
    readonly unit: Unit;
    readonly file: string;
    readonly line: number;
    readonly column: number;
}
/** What a limit is of: a metric that the net has. */
export interface AccuracyGoal {
    readonly metric: string;
    readonly amount: number;
    readonly unit: Unit;
}
/** How the integer model does against a goal. */
export interface GoalResult extends AccuracyGoal {
    readonly float?: number;
    readonly integer: number;
    /** How much better than the limit it is, in the limit's unit; below 0: it misses it. */
    readonly margin: number;
}
/** Which metrics a net has: of an evaluation, or of the net itself before anything ran. */
export type KnownMetrics = Pick<EvaluationResult, 'accuracyMetrics' | 'better'> & {
    /** In the net's order. */
    readonly names: readonly string[];
};
/** Shares are quotients of whole numbers: what differs by less is the rounding of their difference. */
export declare const ROUNDING = 1e-9;
/**
 * Reads `accuracy`: one limit, or an object of limits by the names of metrics.
 *
 * @param report told what is wrong, with its place
 */
export declare function readAccuracy(node: JsonNode, report: (message: string, at: {
    line: number;
    column: number;
}, hint?: string) => void): AccuracyLimit[];
/** The metrics of an evaluation. */
export declare function metricsOf({ models, accuracyMetrics, better, }: Pick<EvaluationResult, 'models' | 'accuracyMetrics' | 'better'>): KnownMetrics;
/**
 * The limits as goals of a net's metrics.
 *
 * @throws DiagnosticsError where the net has no such metric, or it is not counted in the unit
 */
export declare function accuracyGoals(limits: readonly AccuracyLimit[], known: KnownMetrics): AccuracyGoal[];
/**
 * How an evaluated integer model does against goals.
 *
 * @throws RangeError where it has not been measured by one of them
 */
export declare function goalResults(goals: readonly AccuracyGoal[], { models }: Pick<EvaluationResult, 'models'>): GoalResult[];
/** Of several goals the one that is missed by most, or held by least. */
export declare function worstOf(results: readonly GoalResult[]): GoalResult;
export declare const holds: ({ margin }: Pick<GoalResult, "margin">) => boolean;
/** `accuracy 90.10 %, 1.10 points below float; allowed are 0.3`. */
export declare function describeGoal({ metric, unit, amount, integer, float }: GoalResult): string;
export {};
//# sourceMappingURL=accuracy-goal.d.ts.map