import { sql } from 'drizzle-orm';
import type { ToggleUse } from '@/server/domain/views/toggles';
import type { Reader } from '@/server/services/shared/reader';
import { isoTime } from '@/server/services/shared/sql';

/** How one variant of a toggle was served in an environment. */
export interface VariantUse {
  /** Null for the default in the code. */
  readonly variant: string | null;
  readonly firstHour: string;
  readonly lastAt: string;
  /** Of the last 24 hours. */
  readonly count: number;
}

interface UseRow extends Record<string, unknown> {
  readonly toggle: string;
  readonly environment: string;
  readonly variant: string;
  readonly firstHour: string;
  readonly lastAt: string;
  readonly count: number;
}

export type Uses = ReadonlyMap<string, readonly VariantUse[]>;

export function placeKey(toggle: string, environment: string): string {
  return `${toggle} ${environment}`;
}

/**
 * What was served of toggles, by `placeKey`. Each variant costs a few looks into the index, however long counts are kept.
 * @param now the end of the last 24 hours.
 * @param key only of this toggle.
 */
export async function readUses(db: Reader, now: Date, key: string | null = null): Promise<Uses> {
  const { rows } = await db.execute<UseRow>(sql`
    SELECT w.toggle, w.environment, w.variant,
           ${isoTime(sql`f.hour`)} AS "firstHour", ${isoTime(sql`l.last_at`)} AS "lastAt", d.count
    FROM (
      SELECT s.toggle, s.environment, v.variant
      FROM toggle_states s JOIN toggles t ON t.key = s.toggle
      CROSS JOIN LATERAL (SELECT jsonb_object_keys(t.variants) AS variant UNION SELECT '') v
      WHERE ${key}::text IS NULL OR s.toggle = ${key}) w
    CROSS JOIN LATERAL (
      SELECT c.last_at FROM toggle_counts c
      WHERE c.toggle = w.toggle AND c.environment = w.environment AND c.variant = w.variant
      ORDER BY c.hour DESC LIMIT 1) l
    CROSS JOIN LATERAL (
      SELECT c.hour FROM toggle_counts c
      WHERE c.toggle = w.toggle AND c.environment = w.environment AND c.variant = w.variant
      ORDER BY c.hour LIMIT 1) f
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(c.count), 0)::float8 AS count FROM toggle_counts c
      WHERE c.toggle = w.toggle AND c.environment = w.environment AND c.variant = w.variant
        AND c.hour > ${now.toISOString()}::timestamptz - interval '24 hours') d`);
  const uses = new Map<string, VariantUse[]>();
  for (const { toggle, environment, variant, firstHour, lastAt, count } of rows) {
    const at = placeKey(toggle, environment);
    const use = { variant: variant === '' ? null : variant, firstHour, lastAt, count };
    uses.set(at, [...(uses.get(at) ?? []), use]);
  }
  return uses;
}

/** The uses of one toggle in one environment, summed up. */
export function summedUse(uses: readonly VariantUse[] = []): ToggleUse {
  const served = uses.filter(({ count }) => count > 0).toSorted((a, b) => b.count - a.count);
  return {
    evaluations: served.reduce((sum, { count }) => sum + count, 0),
    variants: served.map(({ variant, count }) => ({ variant, count })),
    lastEvaluatedAt: latest(uses.map(({ lastAt }) => lastAt)),
  };
}

/** Of moments in ISO 8601, all in UTC. */
export function latest(moments: readonly string[]): string | null {
  return moments.toSorted().at(-1) ?? null;
}
