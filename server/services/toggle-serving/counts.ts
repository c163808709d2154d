import { sql } from 'drizzle-orm';
import type { Database } from '@/db/client';
import type { Evaluation } from '@/server/domain/toggles';

interface Count {
  count: number;
  /** Milliseconds of the clock on the wall. */
  lastAt: number;
}

const HOUR_MS = 3_600_000;

/** How often each variant was served, gathered in memory and written in batches, so that no request waits for it. */
export class EvaluationCounts {
  /** By environment, toggle and variant. The empty variant is the default in the code. */
  #counts = new Map<string, Map<string, Map<string, Count>>>();
  #hour = 0;
  #earlier: CountRow[] = [];

  constructor(private readonly now: () => number = Date.now) {}

  /** Failures are no answer of any variant and do not count. */
  add(environment: string, evaluations: readonly Evaluation[]): void {
    const at = this.now();
    const hour = Math.floor(at / HOUR_MS);
    if (hour !== this.#hour) this.#turn(hour);
    const toggles = this.#counts.get(environment) ?? new Map<string, Map<string, Count>>();
    this.#counts.set(environment, toggles);
    for (const { key, variant = '', reason } of evaluations) {
      if (reason === 'ERROR') continue;
      const variants = toggles.get(key);
      const known = variants?.get(variant);
      if (known) {
        known.count += 1;
        known.lastAt = at;
      } else if (variants) variants.set(variant, { count: 1, lastAt: at });
      else toggles.set(key, new Map([[variant, { count: 1, lastAt: at }]]));
    }
  }

  /** Adds what was gathered to the table. On failure it is kept for the next time. */
  async flush(db: Database): Promise<void> {
    this.#turn(this.#hour);
    const rows = this.#earlier;
    if (rows.length === 0) return;
    this.#earlier = [];
    try {
      await addCounts(db, rows);
    } catch (error) {
      this.#earlier = [...rows, ...this.#earlier];
      throw error;
    }
  }

  #turn(hour: number): void {
    const began = new Date(this.#hour * HOUR_MS).toISOString();
    for (const [environment, toggles] of this.#counts)
      for (const [toggle, variants] of toggles)
        for (const [variant, { count, lastAt }] of variants)
          this.#earlier.push({
            toggle,
            environment,
            variant,
            hour: began,
            count,
            lastAt: new Date(lastAt).toISOString(),
          });
    this.#counts = new Map();
    this.#hour = hour;
  }
}

interface CountRow {
  readonly toggle: string;
  readonly environment: string;
  readonly variant: string;
  readonly hour: string;
  readonly count: number;
  readonly lastAt: string;
}

/** Rows of one key may come several times when an earlier flush failed; and always in one order, or two processes block each other. */
async function addCounts(db: Database, rows: readonly CountRow[]): Promise<void> {
  await db.execute(sql`
    INSERT INTO toggle_counts (toggle, environment, variant, hour, count, last_at)
    SELECT toggle, environment, variant, hour, sum(count), max("lastAt")
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS one (toggle text, environment text, variant text, hour timestamptz, count bigint, "lastAt" timestamptz)
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (toggle, environment, variant, hour) DO UPDATE
      SET count = toggle_counts.count + excluded.count,
          last_at = greatest(toggle_counts.last_at, excluded.last_at)`);
}
