import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { environments, firewalls, loadBalancers, pins, serverGroups } from '@/db/schema';
import { clusterSlotKey } from '@/server/domain/cluster-slot';
import type { LoadBalancer } from '@/server/domain/inventory';
import type {
  ClusterChange,
  ClustersView,
  ClusterView,
  PlatformView,
  ServerGroupView,
} from '@/server/domain/views/application';
import { readPlatforms } from '@/server/services/accounts/platforms';
import { findSeenApplication } from '@/server/services/applications/find';
import { activeVetoes } from '@/server/services/artifacts/active-vetoes';
import { accountViewOf } from '@/server/services/board/account-view';
import { readAccounts } from '@/server/services/board/queries';
import { clusterChanges } from '@/server/services/clusters/changing';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { type ActivePin, activePins, pinView } from '@/server/services/pins/active';
import { groupBy, iso } from '@/server/services/shared/sql';

export const listClustersInput = z.object({ application: z.string() });

/** The clusters of an application as last seen, with traffic and freshness. */
export async function listClusters(
  ctx: ServiceContext,
  input: z.output<typeof listClustersInput>,
): Promise<ClustersView> {
  requirePermission(ctx, 'read');
  const { db } = ctx;
  const { application } = input;
  await findSeenApplication(db, application);
  const [places, groups, balancers, walls, held, accounts, platformOf] = await Promise.all([
    db
      .select()
      .from(environments)
      .where(eq(environments.application, application))
      .orderBy(environments.order),
    db.select().from(serverGroups).where(eq(serverGroups.application, application)),
    db
      .select()
      .from(loadBalancers)
      .where(eq(loadBalancers.application, application))
      .orderBy(loadBalancers.name),
    db.select().from(firewalls).where(eq(firewalls.application, application)).orderBy(firewalls.name),
    activePins(db, eq(pins.application, application)),
    readAccounts(db),
    readPlatforms(db),
  ]);
  const vetoes = await activeVetoes(
    db,
    groups.map((row) => row.data.artifact.digest),
  );
  const views = groups.map(({ data, seenAt }): ServerGroupView => {
    return { ...data, seenAt: iso(seenAt), vetoed: vetoes.get(data.artifact.digest) ?? null };
  });
  const changes = await clusterChanges(db, [...places, ...groups]);
  const used = new Set([...places.map((place) => place.account), ...groups.map((row) => row.account)]);
  return {
    application,
    clusters: clustersOf(
      places,
      views,
      balancers.map((row) => row.data),
      held,
      platformOf,
      changes,
    ),
    loadBalancers: balancers.map((row) => row.data),
    firewalls: walls.map((row) => row.data),
    accounts: accounts.filter((account) => used.has(account.name)).map(accountViewOf),
  };
}

/** Clusters of environments first, in their order and even when empty; then what else was found. */
function clustersOf(
  places: readonly (typeof environments.$inferSelect)[],
  groups: readonly ServerGroupView[],
  balancers: readonly LoadBalancer[],
  held: readonly ActivePin[],
  platformOf: (account: string) => PlatformView,
  changes: ReadonlyMap<string, ClusterChange>,
): ClusterView[] {
  const groupsOf = groupBy(groups, (group) => `${group.account} ${group.cluster}`);
  const known = new Map(places.map((place) => [`${place.account} ${place.cluster}`, place]));
  const keys = [...known.keys(), ...[...groupsOf.keys()].filter((key) => !known.has(key)).toSorted()];
  return keys.map((key) => {
    const place = known.get(key);
    const own = groupsOf.get(key) ?? [];
    const account = place?.account ?? own[0]?.account ?? '';
    const name = place?.cluster ?? own[0]?.cluster ?? '';
    const pin = held.findLast((one) => one.account === account && one.cluster === name);
    const regions = [...new Set([...(place?.regions ?? []), ...own.map((group) => group.region)])];
    return {
      name,
      account,
      platform: platformOf(account),
      environment: place?.name ?? null,
      pin: pin ? pinView(pin) : null,
      change: changes.get(clusterSlotKey(account, name)) ?? null,
      regions: regions.map((region) => {
        const here = own.filter((group) => group.region === region).toSorted(newestFirst);
        return {
          region,
          serverGroups: here,
          loadBalancers: balancersOf(balancers, account, region, name, here),
        };
      }),
    };
  });
}

function balancersOf(
  balancers: readonly LoadBalancer[],
  account: string,
  region: string,
  cluster: string,
  groups: readonly ServerGroupView[],
): LoadBalancer[] {
  const used = new Set(groups.flatMap((group) => group.loadBalancers));
  return balancers.filter(
    (one) => one.account === account && one.region === region && (one.name === cluster || used.has(one.name)),
  );
}

/** By creation, because sequence numbers wrap. */
function newestFirst(a: ServerGroupView, b: ServerGroupView): number {
  return b.createdAt.localeCompare(a.createdAt) || (b.sequence ?? 0) - (a.sequence ?? 0);
}
