import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { stages } from '@/db/schema';
import type { ClusterRef, ServerGroup } from '@/server/domain/inventory';
import { message } from '@/server/domain/message';
import { wakeKey } from '@/server/engine/queue/wake';
import type { StageContext, TaskResult } from '@/server/engine/stages/stage';

/** Controllers take a moment to look at what was written; what they say for so long is believed. */
const BELIEVED_AFTER_MS = 5_000;
const LOOK_AGAIN_MS = 500;
/** Of those that have answered before; one that is away holds nothing up for longer. */
const ANSWER_WITHIN_MS = 5_000;
const ANSWERED_YET_MS = 200;

const sinceSchema = z.iso.datetime();

/**
 * The answer of a task that waits for traffic while the platform says that no requests come to the group, or has not
 * said it of the last change: wait a little, then end with its reason. Null when they come, or nobody says otherwise.
 * Going back is never held up by it: what serves now gets no requests either.
 */
export async function whileUnreached(
  context: StageContext<ClusterRef>,
  group: ServerGroup,
): Promise<TaskResult | null> {
  const { name: serverGroup, unreached: reason, unanswered } = group;
  if ((reason === undefined && !unanswered) || (await goesBack(context))) return null;
  if (reason === undefined) return whileUnanswered(context, serverGroup);
  const { account, region, cluster } = context.config;
  const now = context.services.clock.now();
  const since = sinceSchema.safeParse(context.stage.outputs.unreachedSince).data ?? now.toISOString();
  const values = { serverGroup, region, reason };
  if (now.getTime() - Date.parse(since) >= BELIEVED_AFTER_MS)
    return { status: 'errored', error: message('engine.traffic.unreached', values) };
  return {
    status: 'running',
    retryAfterMs: LOOK_AGAIN_MS,
    wakeOn: wakeKey(account, region, cluster),
    waiting: { kind: 'platform', reason: message('engine.wait.unreached', values), until: null, who: [] },
    outputs: { unreachedSince: since },
  };
}

function whileUnanswered(context: StageContext<ClusterRef>, serverGroup: string): TaskResult | null {
  const { account, region, cluster } = context.config;
  const now = context.services.clock.now();
  const since = sinceSchema.safeParse(context.stage.outputs.unansweredSince).data ?? now.toISOString();
  if (now.getTime() - Date.parse(since) >= ANSWER_WITHIN_MS) return null;
  const reason = message('engine.wait.unanswered', { serverGroup, region });
  return {
    status: 'running',
    retryAfterMs: ANSWERED_YET_MS,
    wakeOn: wakeKey(account, region, cluster),
    waiting: { kind: 'platform', reason, until: null, who: [] },
    outputs: { unansweredSince: since },
  };
}

/** Whether the stage is a step of a rollback. */
async function goesBack({ services, stage }: StageContext): Promise<boolean> {
  const [own] = await services.db
    .select({ parentId: stages.parentId })
    .from(stages)
    .where(eq(stages.id, stage.id));
  if (!own?.parentId) return false;
  const [parent] = await services.db
    .select({ type: stages.type })
    .from(stages)
    .where(eq(stages.id, own.parentId));
  return parent?.type === 'rollbackCluster';
}
