import { inArray, sql } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { executions, type pipelines } from '@/db/schema';
import type { PipelineView } from '@/server/domain/views/admin';
import type { ExecutionSummary } from '@/server/domain/views/execution';
import { summaryColumns, summaryView } from '@/server/services/executions/rows';
import { needsArtifact } from '@/server/services/pipelines/artifact-need';
import { groupBy, iso } from '@/server/services/shared/sql';

/** How many of a pipeline's latest executions are shown with it. */
const RECENT = 10;

type PipelineRow = typeof pipelines.$inferSelect;

/** Pipelines of one application with their latest executions, in two statements. */
export async function pipelineViews(db: Database, rows: readonly PipelineRow[]): Promise<PipelineView[]> {
  const recent = await recentExecutions(db, rows);
  return rows.map(({ application, name, revision, definition, updatedAt, updatedBy }) => ({
    application,
    name,
    revision,
    definition,
    needsArtifact: needsArtifact(definition),
    updatedAt: iso(updatedAt),
    updatedBy,
    recent: recent.get(name) ?? [],
  }));
}

async function recentExecutions(
  db: Database,
  rows: readonly PipelineRow[],
): Promise<Map<string, ExecutionSummary[]>> {
  const application = rows[0]?.application;
  if (!application) return new Map();
  const names = sql.join(
    rows.map((row) => sql`(${row.name}::text)`),
    sql`, `,
  );
  const latest = sql`(SELECT x.id FROM (VALUES ${names}) AS p(name) CROSS JOIN LATERAL (
    SELECT id FROM executions WHERE application = ${application} AND pipeline = p.name
    ORDER BY created_at DESC LIMIT ${RECENT}) x)`;
  const found = await db
    .select(summaryColumns)
    .from(executions)
    .where(inArray(executions.id, latest))
    .orderBy(sql`${executions.createdAt} desc, ${executions.id} desc`);
  return groupBy(found.map(summaryView), (row) => row.pipeline);
}
