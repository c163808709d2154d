import { type MeasureInput, measure } from '@/server/analysis/measure';
import type { Looks } from '@/server/canary/judge';
import { judgeNamed } from '@/server/canary/registry';
import type { MetricMeasurement } from '@/server/domain/analysis';
import type { Judgement, ScoreThresholds } from '@/server/domain/canary';
import { AppError } from '@/server/domain/errors';

export interface LookInput extends MeasureInput {
  readonly thresholds: ScoreThresholds;
  /** How it belongs to others of its analysis; left out for a single look. */
  readonly looks?: Looks;
}

export interface Look {
  readonly judgement: Judgement;
  readonly measurements: readonly MetricMeasurement[];
}

/**
 * Measures both sides over a window and has them judged by the configuration's judge.
 * @throws AppError `unprocessable` when there is no such judge.
 */
export async function look(input: LookInput): Promise<Look> {
  const { config, thresholds, looks } = input;
  const judge = judgeNamed(config.judge?.name);
  if (!judge) {
    throw new AppError(
      'unprocessable',
      `There is no judge "${config.judge?.name}". Choose one that there is.`,
    );
  }
  const { pairs, measurements } = await measure(input);
  const judgement = judge.judge({ config, thresholds, pairs, ...(looks ? { looks } : {}) });
  return { judgement, measurements };
}
