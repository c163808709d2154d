import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '@/db/client';
import { loadBalancers } from '@/db/schema';
import { trafficGuard } from '@/server/domain/guard';
import { capacitySchema, type Instance, type ServerGroup } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';
import { environmentOf } from '@/server/engine/clusters/environment';
import { clusterTargetShape } from '@/server/engine/clusters/target';
import type { ChildStage, StageContext } from '@/server/engine/stages/stage';

type Group = Pick<ServerGroup, 'name' | 'enabled' | 'instances' | 'serverless'>;

const actSchema = z.object({
  ...clusterTargetShape,
  serverGroup: z.string(),
  capacity: capacitySchema.optional(),
});
type Act = z.infer<typeof actSchema>;

const sharingSchema = z.object({ ...clusterTargetShape, loadBalancer: z.string() });

/** What comes of a step if everything before it goes well. */
export interface StepOutlook {
  /** Why the guard would refuse it. */
  readonly refusal: Message | null;
  /** What would come of it, or not quite, that nobody refuses. */
  readonly warning: Message | null;
}
export const CLEAR: StepOutlook = { refusal: null, warning: null };

/** By the key of the step: what stands in its way, that nothing serves after it, or that it only comes near. */
export async function lookAhead(
  { services, signal }: StageContext,
  steps: readonly ChildStage[],
): Promise<ReadonlyMap<string, StepOutlook>> {
  const outlooks = new Map<string, StepOutlook>();
  const clusters = new Map<string, readonly Group[]>();
  for (const step of steps) {
    const sharing = step.type === 'setWeights' ? sharingSchema.safeParse(step.config).data : undefined;
    if (sharing && (await sharesByInstances(services.db, sharing)))
      outlooks.set(step.key, { ...CLEAR, warning: message('outlook.byInstances') });
    const act = actSchema.safeParse(step.config).data;
    if (!act) continue;
    const place = `${act.account}/${act.region}/${act.cluster}`;
    const before =
      clusters.get(place) ?? (await (await services.provider(act.account)).describeCluster(act, signal));
    clusters.set(place, groupsAfter(before, step, act));
    if (!leaves(step, act)) continue;
    const environment = await environmentOf(services.db, act.account, act.cluster);
    outlooks.set(step.key, outlookOf(before, act, environment?.guarded ?? true));
  }
  return outlooks;
}

/** As last seen: an outlook does not have the platform look through a whole account for a word. */
async function sharesByInstances(
  db: Database,
  { account, region, loadBalancer }: z.infer<typeof sharingSchema>,
): Promise<boolean> {
  const [seen] = await db
    .select({ data: loadBalancers.data })
    .from(loadBalancers)
    .where(
      and(
        eq(loadBalancers.account, account),
        eq(loadBalancers.region, region),
        eq(loadBalancers.name, loadBalancer),
      ),
    );
  return seen?.data.sharedBy === 'instances';
}

function leaves({ type }: ChildStage, { capacity }: Act): boolean {
  return (
    type === 'disableServerGroup' ||
    type === 'destroyServerGroup' ||
    (type === 'resizeServerGroup' && capacity?.desired === 0)
  );
}

function outlookOf(groups: readonly Group[], act: Act, guarded: boolean): StepOutlook {
  const { serverGroup, cluster, region } = act;
  const { allowed, healthyNow, healthyAfter } = trafficGuard(groups, new Set([serverGroup]));
  if (allowed) return CLEAR;
  const values = { serverGroup, cluster, region, healthyNow, healthyAfter };
  return guarded
    ? { ...CLEAR, refusal: message('engine.guard.refused', values) }
    : { ...CLEAR, warning: message('outlook.nothingServes', { cluster, region }) };
}

/** The groups once the step went well. */
function groupsAfter(groups: readonly Group[], { type }: ChildStage, act: Act): Group[] {
  const { serverGroup: name, capacity } = act;
  const change = (to: (group: Group) => Group) =>
    groups.map((group) => (group.name === name ? to(group) : group));
  switch (type) {
    case 'createServerGroup':
      return [...groups, { name, enabled: false, instances: healthy(name, capacity?.desired ?? 0) }];
    case 'enableServerGroup':
      return change((group) => ({ ...group, enabled: true }));
    case 'disableServerGroup':
      return change((group) => ({ ...group, enabled: false }));
    case 'resizeServerGroup':
      return change((group) => ({ ...group, instances: healthy(name, capacity?.desired ?? 0) }));
    case 'destroyServerGroup':
      return groups.filter((group) => group.name !== name);
    default:
      return [...groups];
  }
}

/** A step waits until all that it asked for are healthy. */
function healthy(group: string, count: number): Instance[] {
  return Array.from({ length: count }, (_, at) => ({
    id: `${group}-${at}`,
    health: 'healthy',
    reason: null,
    startedAt: '1970-01-01T00:00:00Z',
    address: null,
    restarts: 0,
    memoryBytes: null,
  }));
}
