import { and, asc, eq, inArray, isNotNull, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { executions, stages } from '@/db/schema';
import { message } from '@/server/domain/message';
import type { Status } from '@/server/domain/status';
import type { WaitingItem } from '@/server/domain/views/execution';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { rampSubject } from '@/server/services/executions/rows';
import { iso } from '@/server/services/shared/sql';

export const listWaitingForInput = z.object({
  application: z.string().optional(),
  limit: z.number().int().min(1).max(500).default(200),
});

const OPEN: Status[] = ['pending', 'running', 'paused'];

/** Everything in the installation that does not move by itself at this moment, and why; longest first. */
export async function listWaitingFor(
  ctx: ServiceContext,
  { application, limit }: z.output<typeof listWaitingForInput>,
): Promise<readonly WaitingItem[]> {
  requirePermission(ctx, 'read');
  const own = application === undefined ? undefined : eq(executions.application, application);
  const about = {
    executionId: executions.id,
    application: executions.application,
    pipeline: executions.pipeline,
    environment: executions.environment,
    version: executions.version,
    createdAt: executions.createdAt,
    ramp: rampSubject,
  };
  const [whole, parts] = await Promise.all([
    ctx.db
      .select({
        ...about,
        status: executions.status,
        waiting: executions.waiting,
        pausedAt: executions.pausedAt,
      })
      .from(executions)
      .where(and(own, inArray(executions.status, ['pending', 'paused']), isNull(executions.endedAt)))
      .orderBy(asc(executions.createdAt))
      .limit(limit),
    ctx.db
      .select({
        ...about,
        status: stages.status,
        refId: stages.refId,
        stageName: stages.name,
        startedAt: stages.startedAt,
        waiting: stages.waiting,
      })
      .from(stages)
      .innerJoin(executions, eq(executions.id, stages.executionId))
      .where(
        and(
          own,
          eq(executions.status, 'running'),
          isNull(executions.endedAt),
          inArray(stages.status, OPEN),
          isNotNull(stages.waiting),
        ),
      )
      .orderBy(asc(stages.startedAt))
      .limit(limit),
  ]);
  const items: WaitingItem[] = [
    ...whole.map(({ createdAt, pausedAt, waiting, ...row }) => ({
      ...row,
      refId: null,
      stageName: null,
      since: iso(pausedAt ?? createdAt),
      waiting: waiting ?? {
        kind: row.status === 'paused' ? ('person' as const) : ('upstream' as const),
        reason: message(row.status === 'paused' ? 'engine.wait.paused' : 'engine.wait.worker'),
        until: null,
        who: [],
      },
    })),
    ...parts.flatMap(({ createdAt, startedAt, waiting, ...row }) =>
      waiting ? [{ ...row, since: iso(startedAt ?? createdAt), waiting }] : [],
    ),
  ];
  return items.toSorted((a, b) => a.since.localeCompare(b.since)).slice(0, limit);
}
