import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { stages } from '@/db/schema';
import type { ClusterRef, ServerGroup } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';
import { type GroupTarget, readCluster } from '@/server/engine/clusters/target';
import { wakeKey } from '@/server/engine/queue/wake';
import type { StageContext, TaskResult } from '@/server/engine/stages/stage';

const stepSchema = z.object({ region: z.string(), serverGroup: z.string() });

/** Server groups of a region that steps of the stage have let into traffic, and none has begun to take out since. */
export async function letIn(
  { services: { db } }: Pick<StageContext, 'services'>,
  parentId: string,
  region: string,
): Promise<string[]> {
  const steps = await db
    .select({ type: stages.type, status: stages.status, config: stages.config })
    .from(stages)
    .where(and(eq(stages.parentId, parentId), sql`${stages.config} ? 'serverGroup'`));
  const here = steps.flatMap(({ type, status, config }) => {
    const step = stepSchema.safeParse(config).data;
    return step?.region === region ? [{ type, status, serverGroup: step.serverGroup }] : [];
  });
  const out = here.filter(
    ({ type, status }) =>
      (type === 'disableServerGroup' || type === 'destroyServerGroup') && status !== 'pending',
  );
  return here
    .filter(({ type, status }) => type === 'enableServerGroup' && status === 'succeeded')
    .map(({ serverGroup }) => serverGroup)
    .filter((name) => !out.some(({ serverGroup }) => serverGroup === name));
}

/**
 * What to say when an earlier step has let a group into traffic and it is out of it now: somebody else has decided
 * otherwise, and what follows would take from what serves for the sake of one that does not. Null when all is well.
 * @param groups of the cluster, read from the platform just now.
 */
export async function takenOutObjection(
  context: StageContext<ClusterRef>,
  groups: readonly ServerGroup[],
): Promise<Message | null> {
  const [own] = await context.services.db
    .select({ parentId: stages.parentId })
    .from(stages)
    .where(eq(stages.id, context.stage.id));
  if (!own?.parentId) return null;
  const lost = (await letIn(context, own.parentId, context.config.region)).find(
    (name) => !groups.some((group) => group.name === name && group.enabled),
  );
  return lost === undefined ? null : takenOut(context.config, lost, groups);
}

/** Platforms may show what was written a moment later; what they show for so long is believed. */
const BELIEVED_AFTER_MS = 10_000;
const LOOK_AGAIN_MS = 500;
const sinceSchema = z.iso.datetime();

/** The answer of a task that waits for the traffic of a group that is out again: wait a little, then end. */
export async function whileTakenOut(context: StageContext<GroupTarget>): Promise<TaskResult> {
  const { account, region, cluster, serverGroup } = context.config;
  const now = context.services.clock.now();
  const since = sinceSchema.safeParse(context.stage.outputs.takenOutSince).data ?? now.toISOString();
  if (now.getTime() - Date.parse(since) >= BELIEVED_AFTER_MS)
    return { status: 'errored', error: takenOut(context.config, serverGroup, await readCluster(context)) };
  const reason = message('engine.wait.traffic', { serverGroup, region });
  return {
    status: 'running',
    retryAfterMs: LOOK_AGAIN_MS,
    wakeOn: wakeKey(account, region, cluster),
    waiting: { kind: 'platform', reason, until: null, who: [] },
    outputs: { takenOutSince: since },
  };
}

function takenOut(
  { cluster, region }: ClusterRef,
  serverGroup: string,
  groups: readonly ServerGroup[],
): Message {
  const serving = groups.filter(({ traffic }) => traffic > 0).map(({ name }) => name);
  return serving.length === 0
    ? message('engine.traffic.takenOutAll', { serverGroup, region, cluster })
    : message('engine.traffic.takenOut', { serverGroup, region, serving: serving.join(', ') });
}
