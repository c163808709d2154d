import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { executions, judgments, stages } from '@/db/schema';
import type { EngineServices } from '@/server/engine/services';
import type { StageState } from '@/server/engine/state';
import type { Scope } from '@/server/expressions/evaluate';
import type { References } from '@/server/expressions/references';

/**
 * What the expressions of a stage may see: the execution, and the results of stages that come before it.
 * Only what they really read is fetched, so that a stage of a large execution costs no more than of a small one.
 */
export async function scopeFor(
  { db, clock }: EngineServices,
  { stage, execution }: StageState,
  references: References,
): Promise<Scope> {
  const { roots } = references;
  const needsStages = roots.has('stages') || roots.has('judgments') || roots.has('deployedServerGroups');
  const [payload, upstream] = await Promise.all([
    roots.has('trigger') ? readPayload(db, execution.id) : null,
    needsStages ? readUpstream(db, stage.id, execution.id, references.stages) : [],
  ]);
  const { application, pipeline, environment, artifact, version, digest, id } = execution;
  return {
    parameters: execution.parameters,
    trigger: { ...execution.trigger, payload, parameters: execution.parameters },
    artifact: artifact === null ? null : { name: artifact, version, digest },
    execution: {
      id,
      application,
      pipeline,
      environment,
      startedAt: execution.startedAt?.toISOString() ?? null,
      startedBy: execution.trigger.by,
    },
    stages: Object.fromEntries(
      upstream.map(({ refId, status, outputs, name }) => [refId, { status, outputs, name }]),
    ),
    judgments: Object.fromEntries(
      upstream.flatMap(({ refId, decision, input, by, comment }) =>
        decision === null ? [] : [[refId, { decision, input, by, comment }]],
      ),
    ),
    deployedServerGroups: roots.has('deployedServerGroups') ? await readDeployed(db, upstream) : [],
    now: clock.now(),
  };
}

async function readPayload(db: Database, executionId: string): Promise<unknown> {
  const [row] = await db
    .select({ payload: executions.payload })
    .from(executions)
    .where(eq(executions.id, executionId));
  return row?.payload ?? null;
}

type Upstream = Awaited<ReturnType<typeof readUpstream>>[number];

/** The stages before this one, or those of them that are named. */
async function readUpstream(
  db: Database,
  stageId: string,
  executionId: string,
  named: ReadonlySet<string> | null,
) {
  if (named !== null && named.size === 0) return [];
  return db
    .select({
      id: stages.id,
      refId: stages.refId,
      status: stages.status,
      outputs: stages.outputs,
      name: sql<string>`${stages.name} -> 'values' ->> 'text'`,
      decision: judgments.decision,
      input: judgments.input,
      by: judgments.by,
      comment: judgments.comment,
    })
    .from(stages)
    .leftJoin(judgments, eq(judgments.stageId, stages.id))
    .where(
      and(
        eq(stages.executionId, executionId),
        named === null ? undefined : inArray(stages.refId, [...named]),
        sql`${stages.id} IN (
          WITH RECURSIVE before (id) AS (
            SELECT from_id FROM stage_edges WHERE to_id = ${stageId}
            UNION SELECT e.from_id FROM stage_edges e JOIN before b ON e.to_id = b.id
          ) SELECT id FROM before)`,
      ),
    );
}

/** Server groups that the deploy stages before this one have created. */
async function readDeployed(db: Database, upstream: readonly Upstream[]): Promise<unknown[]> {
  if (upstream.length === 0) return [];
  const rows = await db
    .select({ config: stages.config })
    .from(stages)
    .where(
      and(
        inArray(
          stages.parentId,
          upstream.map((one) => one.id),
        ),
        eq(stages.type, 'createServerGroup'),
        eq(stages.status, 'succeeded'),
      ),
    )
    .orderBy(stages.position);
  return rows.map(({ config: { account, region, cluster, serverGroup, artifact } }) => ({
    account,
    region,
    cluster,
    serverGroup,
    artifact,
  }));
}
