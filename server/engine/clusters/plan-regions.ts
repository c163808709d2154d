import { and, eq, inArray, type SQL } from 'drizzle-orm';
import { serverGroups } from '@/db/schema';
import type { ClusterRef, ServerGroup } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';
import { type Place, type PlaceConfig, placeOf, requiredPlace } from '@/server/engine/clusters/place';
import { stepStages } from '@/server/engine/clusters/step-stages';
import { clusterSlot } from '@/server/engine/clusters/target';
import type { PlanResult, Slot, StageContext } from '@/server/engine/stages/stage';
import type { Step } from '@/server/strategies/strategy';

/** Stages that change existing groups have their cluster to themselves, like a deploy. */
export async function placeSlot(context: StageContext<PlaceConfig>): Promise<Slot | null> {
  const place = await placeOf(context);
  return place ? clusterSlot(place.account, place.cluster) : null;
}

/** The groups of a cluster in one region as they are now, oldest first. */
export interface RegionGroups {
  readonly ref: ClusterRef;
  readonly groups: readonly ServerGroup[];
}

/** The cluster that a stage names with its groups in every region, or why it cannot be worked on. */
export async function readRegions(
  context: StageContext<PlaceConfig>,
): Promise<
  { readonly place: Place; readonly regions: readonly RegionGroups[] } | { readonly error: Message }
> {
  const place = await requiredPlace(context);
  if ('error' in place) return place;
  const { account, application, cluster } = place;
  const provider = await context.services.provider(account);
  const regions = await Promise.all(
    place.regions.map(async (region) => {
      const ref = { account, region, application, cluster };
      return { ref, groups: await provider.describeCluster(ref, context.signal) };
    }),
  );
  const isEmpty = regions.every(({ groups }) => groups.length === 0);
  const keeper = isEmpty ? await keeperOf(context, place, eq(serverGroups.cluster, cluster)) : null;
  if (keeper) return { error: message('engine.cluster.managed', { cluster, ...keeper }) };
  return { place, regions };
}

/** Who keeps the group of that name, as far as it was seen and is not ours. */
export function groupKeeper(
  context: StageContext,
  place: Place,
  serverGroup: string,
): Promise<Keeper | null> {
  return keeperOf(context, place, eq(serverGroups.name, serverGroup));
}

type Keeper = NonNullable<ServerGroup['managedBy']>;

/**
 * Who keeps what was seen, where nothing of it is ours: to do nothing and call that a success would let people
 * believe that something was done.
 */
async function keeperOf(
  { services }: StageContext,
  { account, regions }: Place,
  which: SQL,
): Promise<Keeper | null> {
  const rows = await services.db
    .select({ data: serverGroups.data })
    .from(serverGroups)
    .where(and(eq(serverGroups.account, account), which, inArray(serverGroups.region, [...regions])));
  return rows.flatMap(({ data }) => data.managedBy ?? [])[0] ?? null;
}

/**
 * Plans the same kind of change in every region, from the groups that are there now.
 * @param steps what to do with the groups of one region, oldest first.
 */
export async function planRegions(
  context: StageContext<PlaceConfig>,
  steps: (groups: readonly ServerGroup[], region: string) => readonly Step[],
): Promise<PlanResult> {
  const read = await readRegions(context);
  if ('error' in read) return { status: 'errored', error: read.error };
  const children = read.regions.flatMap(({ ref, groups }) =>
    stepStages(ref, steps(groups, ref.region), null, []),
  );
  if (children.length > 0) return { status: 'planned', children };
  const { cluster } = read.place;
  return { status: 'succeeded', log: [message('engine.cluster.nothingToDo', { cluster })] };
}
