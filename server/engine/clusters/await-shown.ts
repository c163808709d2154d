import { and, eq, max, sql } from 'drizzle-orm';
import { z } from 'zod';
import { accounts, serverGroups, stages } from '@/db/schema';
import type { ServerGroup } from '@/server/domain/inventory';
import { message } from '@/server/domain/message';
import { ours } from '@/server/domain/ours';
import { clusterTargetShape } from '@/server/engine/clusters/target';
import { wakeKey } from '@/server/engine/queue/wake';
import type { StageContext, Task } from '@/server/engine/stages/stage';

const placeSchema = z.object(clusterTargetShape);
type Place = z.infer<typeof placeSchema>;

/** Longer is not worth a rollout's time: the screens catch up by themselves. */
const PATIENCE_MS = 2_000;
/** An account that nobody has followed for so long is not being watched now. */
const WATCHED_WITHIN_SECONDS = 15;
const LOOK_AGAIN_MS = 40;

/**
 * After the last step: waits until the inventory shows what the steps did, so that whoever is told
 * that a rollout ended, and looks, does not see the moment before.
 */
export const awaitShown: Task = {
  name: 'awaitShown',
  async run(context) {
    const { db, clock } = context.services;
    const [steps] = await db
      .select({ last: max(stages.endedAt), places: sql<unknown>`jsonb_agg(DISTINCT ${stages.config})` })
      .from(stages)
      .where(and(eq(stages.parentId, context.stage.id), sql`${stages.config} ? 'region'`));
    const places = distinct(z.array(placeSchema).parse(steps?.places ?? []));
    const waited = clock.now().getTime() - (steps?.last?.getTime() ?? 0);
    if (waited > PATIENCE_MS) return { status: 'succeeded' };
    const shown = await Promise.all(places.map((place) => isShown(context, place)));
    const missing = places.find((_, index) => !shown[index]);
    if (!missing) return { status: 'succeeded' };
    return {
      status: 'running',
      retryAfterMs: LOOK_AGAIN_MS,
      wakeOn: wakeKey(missing.account, missing.region, missing.cluster),
      waiting: { kind: 'platform', reason: message('engine.wait.shown'), until: null, who: [] },
    };
  },
};

function distinct(places: readonly Place[]): Place[] {
  return [...new Map(places.map((place) => [JSON.stringify(Object.values(place)), place])).values()];
}

async function isShown(context: StageContext, place: Place): Promise<boolean> {
  const { services } = context;
  const { db } = services;
  const [watched] = await db
    .select({ name: accounts.name })
    .from(accounts)
    .where(
      and(
        eq(accounts.name, place.account),
        sql`${accounts.watchedAt} > now() - ${WATCHED_WITHIN_SECONDS} * interval '1 second'`,
      ),
    );
  if (!watched) return true;
  const real = await (await services.provider(place.account)).describeCluster(place, context.signal);
  const rows = await db
    .select({ data: serverGroups.data })
    .from(serverGroups)
    .where(
      and(
        eq(serverGroups.account, place.account),
        eq(serverGroups.region, place.region),
        eq(serverGroups.cluster, place.cluster),
      ),
    );
  return summary(real) === summary(ours(rows.map((row) => row.data)));
}

/** What people look at first; gauges and the health of single instances move on their own. */
function summary(groups: readonly ServerGroup[]): string {
  return groups
    .map(({ name, enabled, traffic, capacity }) => `${name} ${enabled} ${traffic} ${capacity.desired}`)
    .toSorted()
    .join('\n');
}
