import { performance } from 'node:perf_hooks';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { SystemHealth } from '@/server/domain/views/admin';
import type { ServiceContext } from '@/server/services/context';
import { isoTime } from '@/server/services/shared/sql';
import { VERSION } from '@/server/services/system/version';

export const getHealthInput = z.object({});

/** Workers tell every two seconds that they live. */
const ALIVE_SECONDS = 10;

/** Whether the parts are well. Needs no sign-in, so it says nothing about what they work on. */
export async function getHealth(
  ctx: ServiceContext,
  _input: z.output<typeof getHealthInput>,
): Promise<SystemHealth> {
  const began = performance.now();
  const workers = await readWorkers(ctx).catch(() => null);
  const latencyMs = Math.round(performance.now() - began);
  return {
    status: workers?.some((worker) => worker.alive) ? 'ok' : 'degraded',
    version: VERSION,
    database: workers ? { ok: true, latencyMs } : { ok: false, latencyMs: null },
    workers: workers ?? [],
  };
}

type Worker = SystemHealth['workers'][number];

async function readWorkers(ctx: ServiceContext): Promise<Worker[]> {
  const { rows } = await ctx.db.execute<Worker & Record<string, unknown>>(sql`
    SELECT id, host, pid, version, ${isoTime(sql`started_at`)} AS "startedAt", ${isoTime(sql`seen_at`)} AS "seenAt",
           seen_at > now() - make_interval(secs => ${ALIVE_SECONDS}) AS alive
    FROM workers WHERE seen_at > now() - interval '1 hour' ORDER BY started_at`);
  return rows;
}
