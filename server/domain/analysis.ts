import { z } from 'zod';
import { roleSchema } from '@/server/domain/roles';

/**
 * When an analysis looks and by what it is decided; the same for the stage, for the strategy and for a look into the
 * past. Times are those of Kayenta's stage (warm-up, interval, lifetime, lookback), in seconds.
 */
export const analysisShape = {
  /** Name of a canary configuration of the application. */
  config: z.string().min(1).meta({ widget: 'canaryConfig' }),
  /** Name of a metrics source; the configuration's own when absent. */
  source: z.string().min(1).meta({ widget: 'metricsSource' }).optional(),
  /** Not measured: what just started behaves differently. */
  warmupSeconds: z.number().int().min(0).max(86_400).meta({ widget: 'seconds' }).default(60),
  /** Between two looks. */
  intervalSeconds: z.number().int().min(5).max(86_400).meta({ widget: 'seconds' }).default(300),
  /** From the end of the warm-up to the last look. */
  lifetimeSeconds: z.number().int().min(5).max(604_800).meta({ widget: 'seconds' }).default(1_800),
  /** Each look sees only so much; everything since the warm-up when 0. */
  lookbackSeconds: z.number().int().min(0).max(604_800).meta({ widget: 'seconds' }).default(0),
  /** Between two points of a series. */
  stepSeconds: z.number().int().min(1).max(3_600).meta({ widget: 'seconds' }).default(60),
  /** Points younger than this are not there yet; the source's own lag when absent. */
  lagSeconds: z.number().int().min(0).max(3_600).meta({ widget: 'seconds' }).optional(),
  /** Measured on for so long at most when the last look cannot tell; as long as the lifetime when absent. */
  extendSeconds: z.number().int().min(0).max(604_800).meta({ widget: 'seconds' }).optional(),
  /** Scores from which the canary passes, and below which a look ends it. */
  passScore: z.number().min(0).max(100).meta({ widget: 'percent' }).default(95),
  marginalScore: z.number().min(0).max(100).meta({ widget: 'percent' }).default(75),
  /** Who may decide when the metrics cannot; anyone with the permission when empty. */
  roles: z.array(roleSchema).meta({ widget: 'role' }).default([]),
} as const;

export const analysisOptionsSchema = z.object(analysisShape);
export type AnalysisOptions = z.infer<typeof analysisOptionsSchema>;

/** What is wrong with options that are each right by themselves; by field. */
export function optionProblems(
  options: AnalysisOptions,
): { field: keyof AnalysisOptions; problem: string }[] {
  const problems: { field: keyof AnalysisOptions; problem: string }[] = [];
  if (options.intervalSeconds > options.lifetimeSeconds)
    problems.push({ field: 'intervalSeconds', problem: 'must not be longer than the lifetime' });
  if (options.stepSeconds > options.intervalSeconds)
    problems.push({ field: 'stepSeconds', problem: 'must not be longer than the interval' });
  if (options.lookbackSeconds > 0 && options.lookbackSeconds < options.stepSeconds)
    problems.push({ field: 'lookbackSeconds', problem: 'must not be shorter than the step' });
  if (options.marginalScore > options.passScore)
    problems.push({ field: 'marginalScore', problem: 'must not be above the score to pass' });
  return problems;
}

/** One side of a comparison. What it means is the source's: the name of a server group and its region. */
export const scopeSideSchema = z.object({
  scope: z.string().min(1).max(500),
  location: z.string().max(500).default(''),
  /** Of the artifact, for people. */
  version: z.string().max(200).optional(),
  /** Further values for `${…}` on this side alone. */
  extra: z.record(z.string(), z.string()).optional(),
});
export type ScopeSide = z.infer<typeof scopeSideSchema>;

export const scopePairSchema = z.object({
  baseline: scopeSideSchema,
  canary: scopeSideSchema,
  /** Further values for `${…}` in queries, the same on both sides. */
  extra: z.record(z.string(), z.string()).default({}),
});
export type ScopePair = z.infer<typeof scopePairSchema>;

/**
 * - running       it still looks
 * - inconclusive  it cannot tell, and a person is asked
 * - errored       our own machinery broke
 */
export const ANALYSIS_STATUSES = [
  'running',
  'inconclusive',
  'passed',
  'failed',
  'canceled',
  'errored',
] as const;
export type AnalysisStatus = (typeof ANALYSIS_STATUSES)[number];

/** One metric on both sides, as it was measured. */
export interface MetricMeasurement {
  readonly name: string;
  /** As in the judgement's results. */
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
  /** What was literally asked; null when it was not sent. */
  readonly queries: { readonly baseline: string | null; readonly canary: string | null };
  readonly warnings: readonly string[];
  /** On the window's grid, oldest first; null where there is none or it is not finite. */
  readonly baseline: readonly (number | null)[];
  readonly canary: readonly (number | null)[];
  /** Why it could not be measured. */
  readonly error: string | null;
}

/** Unix milliseconds; points at start, start + step, … before end. */
export interface AnalysisWindow {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}
