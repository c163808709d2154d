import { Cron } from 'croner';
import { z } from 'zod';
import type { TriggerType } from '@/server/automation/triggers/trigger';
import { timeZoneSchema } from '@/server/domain/pipeline';

/** Later than this a run counts as missed: no worker was there at its time. */
const MISSED_AFTER_MS = 60_000;
/** When an expression has no more runs, someone may still change it. */
const NEVER_MS = 365 * 24 * 3_600_000;

const configSchema = z.object({
  /** Minute, hour, day, month, weekday; six fields begin with seconds. */
  expression: z
    .string()
    .min(1)
    .max(200)
    .refine(isCron, { error: 'must be a crontab expression such as 0 9 * * 1-5', abort: true })
    .refine((expression) => new Cron(expression).nextRun() !== null, 'would never fire: there is no such day')
    .meta({ widget: 'cron' }),
  timeZone: timeZoneSchema.default('UTC').meta({ widget: 'timeZone' }),
  /** What becomes of runs that no worker was there for: one for all of them, or none. */
  missed: z.enum(['runOnce', 'skip']).default('skip'),
});
type Config = z.infer<typeof configSchema>;

/** Starts at times of the clock. */
export const cron: TriggerType<Config> = {
  type: 'cron',
  label: 'Schedule',
  configSchema,
  startsAs: 'cron',
  async look({ now }, { config, dueAt, state }) {
    const nextAt = nextRun(config, now);
    if (state.armed !== true) return { firings: [], state: { armed: true }, nextAt };
    const missed = now.getTime() - dueAt.getTime() > MISSED_AFTER_MS;
    if (missed && config.missed === 'skip') return { firings: [], state, nextAt };
    const at = dueAt.toISOString();
    const note = `${config.expression} (${config.timeZone})`;
    return { firings: [{ dedupe: at, note, payload: { scheduledAt: at, missed } }], state, nextAt };
  },
};

/** The next time after a moment. By the clocks of the time zone: a time that is left out in spring runs an hour later. */
export function nextRun(
  { expression, timeZone }: Pick<Config, 'expression' | 'timeZone'>,
  after: Date,
): Date {
  return new Cron(expression, { timezone: timeZone }).nextRun(after) ?? new Date(after.getTime() + NEVER_MS);
}

function isCron(expression: string): boolean {
  try {
    new Cron(expression);
    return true;
  } catch {
    return false;
  }
}
