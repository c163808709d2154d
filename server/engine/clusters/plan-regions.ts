import type { ClusterRef, ServerGroup } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';
import { type Place, type PlaceConfig, placeOf, unknownPlace } from '@/server/engine/clusters/place';
import { stepStages } from '@/server/engine/clusters/step-stages';
import { clusterSlot } from '@/server/engine/clusters/target';
import type { ChildStage, PlanResult, Slot, StageContext } from '@/server/engine/stages/stage';
import type { Step } from '@/server/strategies/strategy';

/** Stages that change existing groups have their cluster to themselves, like a deploy. */
export async function placeSlot(context: StageContext<PlaceConfig>): Promise<Slot | null> {
  const place = await placeOf(context);
  return place ? clusterSlot(place.account, place.cluster) : null;
}

/**
 * Plans the same kind of change in every region, from the groups that are there now.
 * @param steps what to do with the groups of one region, oldest first; a message says why nothing.
 */
export async function planRegions(
  context: StageContext<PlaceConfig>,
  steps: (groups: readonly ServerGroup[], region: string) => readonly Step[] | Message,
): Promise<PlanResult> {
  const place = await placeOf(context);
  if (!place) return { status: 'errored', error: unknownPlace(context) };
  const log: Message[] = [];
  const children: ChildStage[] = [];
  for (const region of place.regions) {
    const ref = refOf(place, region);
    const provider = await context.services.provider(place.account);
    const planned = steps(await provider.describeCluster(ref, context.signal), region);
    if ('key' in planned) log.push(planned);
    else children.push(...stepStages(ref, planned, null, []));
  }
  if (children.length > 0) return { status: 'planned', children, log };
  const nothing = log.length > 0 ? log : [message('engine.cluster.nothingToDo', { cluster: place.cluster })];
  return { status: 'succeeded', log: nothing };
}

function refOf({ account, application, cluster }: Place, region: string): ClusterRef {
  return { account, region, application, cluster };
}
