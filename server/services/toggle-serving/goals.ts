import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '@/db/client';
import { isStorable } from '@/server/domain/storable';
import { type EvaluationContext, evaluationContextSchema } from '@/server/domain/toggles';
import type { ToggleServing } from '@/server/services/toggle-serving/serving';

/** So that no sum ever leaves what a number can be. */
const LARGEST = 1e15;

/** What `client.track(name, context, details)` of the SDKs has, as it is. */
const trackedSchema = z.object({
  name: z.string().trim().min(1).max(200).refine(isStorable, 'holds characters that cannot be stored'),
  context: evaluationContextSchema.default({}),
  details: z.looseObject({ value: z.number().min(-LARGEST).max(LARGEST).optional() }).default({}),
  /** What the person had, by toggle. Absent: what this context gets now of the environment's experiments. */
  variants: z.record(z.string(), z.string()).optional(),
});
export const trackingSchema = z.object({ events: z.array(trackedSchema).min(1).max(100) });
export type Tracked = z.output<typeof trackedSchema>;

interface Goal {
  count: number;
  sum: number;
}

const HOUR_MS = 3_600_000;
/** Names are chosen by whoever holds a key, and a web key is public: so many per environment in one batch. */
const MOST_ROWS = 2_000;

/** Goals by variant, gathered in memory and written in batches. */
export class GoalCounts {
  #goals = new Map<string, Goal>();

  /** @returns false when there is no more room before the next batch is written. */
  add(environment: string, tracked: Tracked, variants: ReadonlyMap<string, string>, now: Date): boolean {
    const hour = new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS).toISOString();
    if (this.#goals.size + variants.size > MOST_ROWS) return false;
    for (const [toggle, variant] of variants) {
      const id = JSON.stringify([environment, tracked.name, toggle, variant, hour]);
      const goal = this.#goals.get(id) ?? { count: 0, sum: 0 };
      goal.count += 1;
      goal.sum += tracked.details.value ?? 0;
      this.#goals.set(id, goal);
    }
    return true;
  }

  /** Adds what was gathered to the table. On failure it is kept for the next time. */
  async flush(db: Database): Promise<void> {
    const goals = this.#goals;
    if (goals.size === 0) return;
    this.#goals = new Map();
    try {
      await addGoals(db, goals);
    } catch (error) {
      for (const [id, { count, sum }] of goals) {
        const later = this.#goals.get(id);
        this.#goals.set(id, { count: count + (later?.count ?? 0), sum: sum + (later?.sum ?? 0) });
      }
      throw error;
    }
  }
}

/** Takes the goals of one request. @returns how many were counted. */
export function trackGoals(serving: ToggleServing, environment: string, events: readonly Tracked[]): number {
  return events.filter((tracked) => {
    const variants = variantsOf(serving, environment, tracked);
    return variants.size > 0 && serving.goals.add(environment, tracked, variants, serving.now);
  }).length;
}

function variantsOf(serving: ToggleServing, environment: string, tracked: Tracked): Map<string, string> {
  const flags = serving.environment(environment);
  if (!flags) return new Map();
  if (!tracked.variants) return experimentsOf(serving, environment, tracked.context);
  const known = flags.store.set?.flags;
  const named = Object.entries(tracked.variants);
  return new Map(
    named.filter(([key, variant]) => Object.hasOwn(known?.get(key)?.flag.variants ?? {}, variant)),
  );
}

function experimentsOf(
  serving: ToggleServing,
  environment: string,
  context: EvaluationContext,
): Map<string, string> {
  const flags = serving.environment(environment);
  const found = new Map<string, string>();
  for (const key of serving.experiments) {
    const evaluation = flags?.evaluate(key, context);
    if (evaluation?.variant !== undefined) found.set(key, evaluation.variant);
  }
  return found;
}

/** Always in one order, or two processes block each other. */
async function addGoals(db: Database, goals: ReadonlyMap<string, Goal>): Promise<void> {
  const rows = [...goals].map(([id, goal]) => ({ id: JSON.parse(id) as unknown, ...goal }));
  await db.execute(sql`
    INSERT INTO toggle_goals (environment, goal, toggle, variant, hour, count, sum)
    SELECT id->>0, id->>1, id->>2, id->>3, (id->>4)::timestamptz, count, sum
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS one (id jsonb, count bigint, sum float8)
    ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT (environment, goal, toggle, variant, hour) DO UPDATE
      SET count = toggle_goals.count + excluded.count, sum = toggle_goals.sum + excluded.sum`);
}
