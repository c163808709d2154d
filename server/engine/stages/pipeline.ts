import { and, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '@/db/client';
import { executions, pipelines, stages } from '@/db/schema';
import type { ArtifactRef } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';
import { parseParameters } from '@/server/domain/parameters';
import { parameterValueSchema } from '@/server/domain/pipeline';
import { isComplete } from '@/server/domain/status';
import { namedArtifactSchema, readArtifact } from '@/server/engine/clusters/artifact';
import { enqueueExecution, requestCancel } from '@/server/engine/enqueue';
import type { StageContext, StageType, TaskResult } from '@/server/engine/stages/stage';

const configSchema = z.object({
  /** Its own when absent. */
  application: z.string().meta({ widget: 'application' }).optional(),
  pipeline: z.string().meta({ widget: 'pipeline' }),
  parameters: z.record(z.string(), parameterValueSchema).default({}),
  /** The execution's own artifact when absent. */
  artifact: namedArtifactSchema.optional(),
  /** Otherwise the stage ends as soon as it has started the other. */
  waitForCompletion: z.boolean().default(true),
});
type Config = z.infer<typeof configSchema>;

/** A pipeline that starts itself in a circle is stopped at this depth. */
const MAX_DEPTH = 10;
/** The end of the other execution wakes the stage; this is for when that is missed. */
const LOOK_EVERY_MS = 10_000;

/** Runs another pipeline, and takes its end as its own. */
export const pipeline: StageType<Config> = {
  type: 'pipeline',
  label: 'Run pipeline',
  group: 'integrate',
  authorable: true,
  configSchema,
  tasks: [
    { name: 'start', run: startOther },
    { name: 'await', run: awaitOther },
  ],
  onCancel: [
    {
      name: 'cancel',
      async run({ services, stage, execution }) {
        const other = await otherOf(services.db, stage.id);
        if (!other || isComplete(other.status)) return { status: 'succeeded' };
        await services.db.transaction((tx) =>
          requestCancel(tx, other.id, execution.startedBy, 'the pipeline that started it was withdrawn'),
        );
        return {
          status: 'succeeded',
          log: [message('engine.did.canceledOther', { pipeline: other.pipeline })],
        };
      },
    },
  ],
};

async function startOther(context: StageContext<Config>): Promise<TaskResult> {
  const { config, execution, services, stage } = context;
  const application = config.application ?? execution.application;
  const name = config.pipeline;
  const artifact = config.artifact ? await readArtifact(services.db, config.artifact) : execution.artifact;
  if (config.artifact && !artifact)
    return { status: 'errored', error: message('engine.deploy.unknownArtifact', config.artifact) };
  const started = await services.db.transaction((tx) => enqueueOther(tx, context, application, artifact));
  if ('why' in started) return { status: 'errored', error: started.why };
  return {
    status: 'succeeded',
    outputs: { executionId: started.executionId },
    log: [message('engine.did.startedOther', { pipeline: `${application}/${name}`, stage: stage.refId })],
  };
}

async function enqueueOther(
  tx: Transaction,
  { config, execution, stage }: StageContext<Config>,
  application: string,
  artifact: ArtifactRef | null,
): Promise<{ readonly executionId: string } | { readonly why: Message }> {
  const name = config.pipeline;
  const [row] = await tx
    .select()
    .from(pipelines)
    .where(and(eq(pipelines.application, application), eq(pipelines.name, name)));
  if (!row) return { why: message('engine.pipeline.unknown', { application, pipeline: name }) };
  if (row.definition.disabled) return { why: message('engine.pipeline.disabled', { pipeline: name }) };
  if ((await depthOf(tx, execution.id)) >= MAX_DEPTH)
    return { why: message('engine.pipeline.tooDeep', { depth: MAX_DEPTH }) };
  const { values, problems } = parseParameters(row.definition.parameters, config.parameters);
  if (!values)
    return { why: message('engine.pipeline.parameters', { pipeline: name, problem: problems.join(' ') }) };
  return enqueueExecution(tx, {
    application,
    pipeline: name,
    pipelineRevision: row.revision,
    definition: row.definition,
    trigger: {
      kind: 'stage',
      by: execution.startedBy,
      userId: null,
      note: `started by ${execution.application}/${execution.pipeline}`,
      parentExecutionId: execution.id,
      parentRefId: stage.refId,
    },
    parameters: values,
    environment: execution.environment,
    artifact,
    idempotencyKey: `stage ${stage.id}`,
    parentStageId: config.waitForCompletion ? stage.id : null,
  });
}

async function awaitOther({ config, services, stage }: StageContext<Config>): Promise<TaskResult> {
  if (!config.waitForCompletion) return { status: 'succeeded' };
  const other = await otherOf(services.db, stage.id);
  if (!other) return { status: 'errored', error: message('engine.pipeline.gone') };
  const values = { pipeline: other.pipeline, status: other.status };
  if (!isComplete(other.status)) {
    return {
      status: 'running',
      retryAfterMs: LOOK_EVERY_MS,
      waiting: { kind: 'upstream', reason: message('engine.wait.other', values), until: null, who: [] },
    };
  }
  const outputs = { status: other.status, stages: await outputsOf(services.db, other.id) };
  if (other.status === 'succeeded' || other.status === 'skipped') return { status: 'succeeded', outputs };
  const status = other.status === 'errored' ? 'errored' : 'failed';
  return { status, error: message('engine.pipeline.ended', values), outputs };
}

type Reader = StageContext['services']['db'] | Transaction;

async function otherOf(db: Reader, stageId: string) {
  const [row] = await db
    .select({ id: executions.id, pipeline: executions.pipeline, status: executions.status })
    .from(executions)
    .where(eq(executions.idempotencyKey, `stage ${stageId}`));
  return row;
}

/** What the stages of the other left, by refId. */
async function outputsOf(db: Reader, executionId: string): Promise<Record<string, unknown>> {
  const rows = await db
    .select({ refId: stages.refId, outputs: stages.outputs })
    .from(stages)
    .where(and(eq(stages.executionId, executionId), isNull(stages.parentId), eq(stages.superseded, false)));
  return Object.fromEntries(rows.map((row) => [row.refId, row.outputs]));
}

/** How many executions started each other, this one included. */
/** One that a person started again is as deep as the first time. */
function startedBy(table: 'executions' | 'e') {
  const trigger = sql.raw(`${table}.trigger`);
  return sql`CASE WHEN ${trigger} ->> 'kind' IN ('stage', 'pipeline') THEN ${trigger} ->> 'parentExecutionId' END`;
}

async function depthOf(tx: Transaction, executionId: string): Promise<number> {
  const { rows } = await tx.execute<{ depth: number }>(sql`
    WITH RECURSIVE chain (id, parent, depth) AS (
      SELECT id, ${startedBy('executions')}, 1 FROM executions WHERE id = ${executionId}
      UNION ALL SELECT e.id, ${startedBy('e')}, c.depth + 1
      FROM executions e JOIN chain c ON e.id::text = c.parent WHERE c.depth <= ${MAX_DEPTH}
    ) SELECT max(depth)::int AS depth FROM chain`);
  return rows[0]?.depth ?? 1;
}
