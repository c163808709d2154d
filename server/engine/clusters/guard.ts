import { trafficGuard } from '@/server/domain/guard';
import type { ServerGroup } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';
import { environmentOf } from '@/server/engine/clusters/environment';
import type { GroupTarget } from '@/server/engine/clusters/target';
import type { StageContext } from '@/server/engine/stages/stage';

/**
 * Why the group may not leave traffic, or null when it may. A cluster that belongs to no environment
 * is guarded too: nobody said that it need not be.
 * @param groups read from the platform just now.
 */
export async function guardObjection(
  context: StageContext<GroupTarget>,
  groups: readonly ServerGroup[],
): Promise<Message | null> {
  const { account, cluster, region, serverGroup } = context.config;
  const verdict = trafficGuard(groups, new Set([serverGroup]));
  if (verdict.allowed) return null;
  const environment = await environmentOf(context.services.db, account, cluster);
  if (environment && !environment.guarded) return null;
  return message('engine.guard.refused', {
    serverGroup,
    cluster,
    region,
    healthyNow: verdict.healthyNow,
    healthyAfter: verdict.healthyAfter,
  });
}
