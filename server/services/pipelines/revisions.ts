import { desc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { pipelineRevisions } from '@/db/schema';
import type { PipelineRevisionView } from '@/server/domain/views/admin';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { findPipeline } from '@/server/services/pipelines/find';
import { iso } from '@/server/services/shared/sql';

export const listPipelineRevisionsInput = z.object({ application: z.string(), name: z.string() });

/** Enough for a page to compare; older ones stay in the database. */
const SHOWN = 50;

/** The latest revisions of a pipeline as they were saved, newest first. */
export async function listPipelineRevisions(
  ctx: ServiceContext,
  { application, name }: z.output<typeof listPipelineRevisionsInput>,
): Promise<PipelineRevisionView[]> {
  requirePermission(ctx, 'read');
  const { id } = await findPipeline(ctx.db, application, name);
  const rows = await ctx.db
    .select()
    .from(pipelineRevisions)
    .where(eq(pipelineRevisions.pipelineId, id))
    .orderBy(desc(pipelineRevisions.revision))
    .limit(SHOWN);
  return rows.map(({ revision, definition, at, by }) => ({ revision, definition, at: iso(at), by }));
}
