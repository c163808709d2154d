/** Name of executions that raise the share of a toggle's variant; they belong to no pipeline. */
export const RAMP_PIPELINE = 'ramp';

/** What a ramp is about. */
export interface RampSubject {
  /** Key. */
  readonly toggle: string;
  /** In plain words. */
  readonly name: string;
  readonly environment: string;
}

/** Stages that do nothing to what runs. */
const BESIDE_TOGGLES: ReadonlySet<string> = new Set(['toggle', 'wait', 'canaryAnalysis', 'manualJudgment']);

/** Whether stages of these types release features and touch nothing that runs. */
export function movesOnlyToggles(types: readonly string[]): boolean {
  return types.includes('toggle') && types.every((type) => BESIDE_TOGGLES.has(type));
}
