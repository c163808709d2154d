import { and, desc, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { executions } from '@/db/schema';
import type { ExecutionPage } from '@/server/domain/views/execution';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { summaryColumns, summaryView } from '@/server/services/executions/rows';
import { decodeCursor, encodeCursor } from '@/server/services/shared/page';

export const listExecutionsInput = z.object({
  application: z.string().optional(),
  pipeline: z.string().optional(),
  environment: z.string().optional(),
  /** True: only those that are not complete; false: only those that are. */
  open: z.boolean().optional(),
  cursor: z.string().nullish(),
  limit: z.number().int().min(1).max(200).default(50),
});

/** Executions, newest first, in pages by keyset. */
export async function listExecutions(
  ctx: ServiceContext,
  input: z.output<typeof listExecutionsInput>,
): Promise<ExecutionPage> {
  requirePermission(ctx, 'read');
  const rows = await ctx.db
    .select({ ...summaryColumns, place: microseconds })
    .from(executions)
    .where(and(...filters(input)))
    .orderBy(desc(executions.createdAt), desc(executions.id))
    .limit(input.limit + 1);
  const page = rows.slice(0, input.limit);
  const last = rows.length > input.limit ? page.at(-1) : undefined;
  return {
    items: page.map(({ place: _place, ...row }) => summaryView(row)),
    nextCursor: last ? encodeCursor({ at: last.place, id: last.id }) : null,
  };
}

/** A Date has milliseconds and Postgres microseconds: a cursor that rounds would skip or repeat rows. */
const microseconds = sql<string>`to_char(${executions.createdAt} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

function filters(input: z.output<typeof listExecutionsInput>): (SQL | undefined)[] {
  const place = input.cursor ? decodeCursor(input.cursor) : null;
  return [
    input.application === undefined ? undefined : eq(executions.application, input.application),
    input.pipeline === undefined ? undefined : eq(executions.pipeline, input.pipeline),
    input.environment === undefined ? undefined : eq(executions.environment, input.environment),
    input.open === undefined
      ? undefined
      : input.open
        ? isNull(executions.endedAt)
        : isNotNull(executions.endedAt),
    place && sql`(${executions.createdAt}, ${executions.id}) < (${place.at}::timestamptz, ${place.id}::uuid)`,
  ].map((one) => one ?? undefined);
}
