import { z } from 'zod';
import { capacitySchema, type ServerGroup } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';
import { healthyIn } from '@/server/domain/units';
import { clusterTargetShape, pollMs } from '@/server/engine/clusters/target';
import { wakeKey } from '@/server/engine/queue/wake';
import type { StageContext, Task } from '@/server/engine/stages/stage';

/** How a cluster's groups stood in one region before a deploy touched them; kept in the stage's outputs. */
const beforeSchema = z.object({
  ...clusterTargetShape,
  /** Names of the groups that the deploy creates. */
  created: z.array(z.string()),
  groups: z.array(z.object({ name: z.string(), enabled: z.boolean(), capacity: capacitySchema })),
});
export type Before = z.infer<typeof beforeSchema>;
const outputsSchema = z.object({ before: z.array(beforeSchema).default([]) });

/** A deploy that ended badly waits no longer than this for old instances to come back. */
const PATIENCE_MS = 5 * 60_000;

/** Puts down how things stood, for `restoreSizes` and `takeNewGroupsOut`. */
export function pictureOf(
  ref: Omit<Before, 'created' | 'groups'>,
  created: readonly string[],
  groups: readonly ServerGroup[],
): Before {
  return {
    ...ref,
    created: [...created],
    groups: groups.map(({ name, enabled, capacity }) => ({ name, enabled, capacity })),
  };
}

export function picturesOf(context: StageContext): readonly Before[] {
  return outputsSchema.safeParse(context.stage.outputs).data?.before ?? [];
}

/**
 * After a deploy that failed or was withdrawn: groups that served before and were made smaller get their
 * size back, and are waited for, before the new group leaves traffic.
 */
export const restoreSizes: Task = {
  name: 'restoreSizes',
  async run(context) {
    const answers = await Promise.all(picturesOf(context).map((before) => restore(context, before)));
    const log = answers.flatMap((answer) => answer.log);
    const pending = answers.find((answer) => answer.pending !== null)?.pending;
    const since = z.iso.datetime().safeParse(context.stage.outputs.restoringSince).data;
    const now = context.services.clock.now();
    const waited = since ? now.getTime() - Date.parse(since) : 0;
    if (!pending || waited > PATIENCE_MS) return { status: 'succeeded', log };
    return {
      status: 'running',
      retryAfterMs: pollMs(waited),
      wakeOn: wakeKey(pending.account, pending.region, pending.cluster),
      waiting: { kind: 'platform', reason: message('engine.wait.restored'), until: null, who: [] },
      ...(since ? {} : { outputs: { restoringSince: now.toISOString() } }),
      log,
    };
  },
};

async function restore(
  context: StageContext,
  before: Before,
): Promise<{ log: Message[]; pending: Before | null }> {
  const { account, region } = before;
  const provider = await context.services.provider(account);
  const groups = await provider.describeCluster(before, context.signal);
  const log: Message[] = [];
  let pending = false;
  for (const earlier of before.groups.filter((group) => group.enabled)) {
    const group = groups.find((one) => one.name === earlier.name);
    const { desired } = earlier.capacity;
    // One that has left traffic since gave way to the new group for good.
    if (!group?.enabled) continue;
    if (group.capacity.desired < desired) {
      await provider.resizeServerGroup(
        { id: `${context.stage.id}:restore:${group.name}:${context.fence}`, fence: context.fence },
        { region, name: group.name },
        earlier.capacity,
      );
      log.push(message('engine.deploy.restored', { serverGroup: group.name, region, desired }));
      pending = true;
    } else if (wasShrunk(context, group) && healthyIn(group) < desired) {
      pending = true;
    }
  }
  return { log, pending: pending ? before : null };
}

/** Only what this clean-up has grown is waited for: an instance that was ill before stays ill. */
function wasShrunk(context: StageContext, group: ServerGroup): boolean {
  return context.stage.log.some(
    ({ text }) => text.key === 'engine.deploy.restored' && text.values.serverGroup === group.name,
  );
}
