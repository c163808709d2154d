import { and, desc, eq, isNull, or, sql } from 'drizzle-orm';
import { artifacts, environments, executions, serverGroups, stages } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { Capacity, ServerGroup } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';
import { ours } from '@/server/domain/ours';
import { planRollback, type RegionRollback } from '@/server/domain/rollback';
import { findSeenApplication } from '@/server/services/applications/find';
import { activeVetoes } from '@/server/services/artifacts/active-vetoes';
import { stalenessOf } from '@/server/services/board/freshness';
import { readAccounts } from '@/server/services/board/queries';
import { severalAccounts } from '@/server/services/clusters/several-accounts';
import type { Reader } from '@/server/services/shared/reader';
import { listed } from '@/server/services/shared/sentences';

export interface RollbackTarget {
  readonly application: string;
  readonly cluster: string;
  /** Needed only when accounts have clusters of the same name. */
  readonly account?: string | undefined;
  /** Digests that are taken back, and nothing else is; whatever came last when absent. */
  readonly only?: ReadonlySet<string>;
  /** Where they were brought to, whether or not anything has been seen there. */
  readonly regions?: ReadonlySet<string>;
}

export interface RollbackPlan {
  readonly application: string;
  readonly cluster: string;
  readonly account: string;
  readonly environment: string | null;
  /** What the environment wants in each region. */
  readonly capacity: Capacity | null;
  readonly regions: readonly RegionRollback[];
  /** Open executions that are deploying to the cluster now, youngest first. */
  readonly deploying: readonly { readonly id: string; readonly version: string | null }[];
  /** Why it cannot be done at all. */
  readonly why: Message | null;
  /** Set where nobody has seen the account lately: what becomes of it is decided when the rollback runs. */
  readonly unseen: Unseen | null;
}

export interface Unseen {
  /** When it was last seen; null for never. */
  readonly seenAt: string | null;
  /** Digests that are taken back if they serve there then; whatever came last when null. */
  readonly only: ReadonlySet<string> | null;
}

/** A cluster that goes back, with what it goes from and to; null where that is decided when it runs. */
export interface Turn {
  readonly plan: RollbackPlan;
  readonly going: { readonly from: ServerGroup; readonly to: ServerGroup } | null;
}

/** The clusters among them that go back, or may. */
export function turnsOf(plans: readonly RollbackPlan[]): Turn[] {
  return plans.flatMap((plan): Turn[] => {
    if (plan.why !== null) return [];
    if (plan.unseen) return [{ plan, going: null }];
    const region = plan.regions.find(({ from, to }) => from && to);
    return region?.from && region.to ? [{ plan, going: { from: region.from, to: region.to } }] : [];
  });
}

/** What a rollback of a cluster would do now, from what was last seen. */
export async function readRollbackPlan(db: Reader, target: RollbackTarget): Promise<RollbackPlan> {
  const { application, cluster, only } = target;
  const place = await findPlace(db, target);
  const { account } = place;
  const groups = ours(place.groups);
  const digests = groups.map((group) => group.artifact.digest);
  const seen = [...(place.environment?.regions ?? []), ...groups.map((group) => group.region)];
  const names = [...new Set([...seen, ...(place.lastSeen ? (target.regions ?? []) : [])])];
  const regions = planRollback(names, groups, await activeVetoes(db, digests), only);
  const environment = place.environment?.name ?? null;
  const open = place.environment ? await readOpen(db, place.environment) : [];
  const deploying = open.filter((one) => one.deploying);
  const capacity = place.environment?.capacity ?? null;
  const known = { application, cluster, account, environment, capacity, regions };
  if (place.lastSeen && names.length > 0) {
    // What nobody has seen lately objects to nothing; the deploy at work may have come into traffic by now.
    const brings = deploying.flatMap(({ begun, digest }) => (begun && digest ? [digest] : []));
    const wanted = only ?? (brings.length > 0 ? new Set(brings) : null);
    const withdrawn = only ? deploying.filter(({ digest }) => digest && only.has(digest)) : deploying;
    const unseen = { seenAt: place.lastSeen.at, only: wanted };
    return { ...known, deploying: withdrawn, why: underWay(open), unseen };
  }
  const why = othersObjection(place.groups) ?? underWay(open) ?? reasonAgainst(regions, deploying);
  return { ...known, deploying, why, unseen: null };
}

/** A cluster in which nothing is ours is another controller's business. */
function othersObjection(groups: readonly ServerGroup[]): Message | null {
  const [theirs] = groups.flatMap((group) => group.managedBy ?? []);
  return theirs && ours(groups).length === 0 ? message('rollback.why.managed', theirs) : null;
}

type OpenExecution = Awaited<ReturnType<typeof readOpen>>[number];

function underWay(open: readonly OpenExecution[]): Message | null {
  const other = open.find((one) => one.rollingBack);
  return other ? message('rollback.why.underWay', { by: other.trigger.by }) : null;
}

function reasonAgainst(
  regions: readonly RegionRollback[],
  deploying: readonly OpenExecution[],
): Message | null {
  // Before the new version takes traffic, "back" would mean one version too far.
  const early = deploying.find(
    (one) => one.begun && !regions.some(({ from }) => from?.artifact.digest === one.digest),
  );
  if (early) return message('rollback.why.deployNotThere', { version: early.version ?? '' });
  if (regions.some((region) => region.to)) return null;
  const reasons = regions.map((region) => region.why);
  const [only] = reasons;
  return only && reasons.every((why) => why?.key === only.key) ? only : message('rollback.why.nowhere');
}

/**
 * Open executions that deploy to the environment or roll its cluster back. One that goes to several environments says
 * only by its stages which they are.
 */
async function readOpen(db: Reader, place: typeof environments.$inferSelect) {
  const { application, name, account, cluster, artifact } = place;
  // Where a stage's environment is an expression, the execution's own is the best guess.
  const here = sql`s.execution_id = ${executions}.id and (s.config->>'environment' = ${name}
    or ${executions}.environment = ${name} and s.config->>'environment' like '%\${%')`;
  const deploys = sql`${here} and s.type = 'deploy' and s.status in ('running', 'paused')`;
  const rollingBack = sql<boolean>`(${executions}.trigger->>'kind' = 'rollback' and exists (
    select 1 from ${stages} s where s.execution_id = ${executions}.id and s.type = 'rollbackCluster'
      and s.config->>'account' = ${account} and s.config->>'cluster' = ${cluster}
      and s.status in ('pending', 'running', 'paused')))`;
  const deploying = sql<boolean>`exists (select 1 from ${stages} s where ${deploys})`;
  return db
    .select({
      id: executions.id,
      version: executions.version,
      /** Of the form of its version that is run here. */
      digest: sql<string | null>`case when ${executions}.artifact = ${artifact} then ${executions}.digest
        else (select a.digest from ${artifacts} a
              where a.name = ${artifact} and a.version = ${executions}.version) end`,
      trigger: executions.trigger,
      rollingBack,
      deploying,
      /** Has the cluster to itself; one that waits for it has changed nothing yet. */
      begun: sql<boolean>`exists (select 1 from ${stages} s where ${deploys} and s.slot is not null)`,
    })
    .from(executions)
    .where(
      and(eq(executions.application, application), isNull(executions.endedAt), or(rollingBack, deploying)),
    )
    .orderBy(desc(executions.createdAt));
}

/**
 * The cluster with its account.
 * @throws AppError `not_found` naming the clusters there are, `bad_request` when several accounts have it.
 */
async function findPlace(db: Reader, { application, cluster, account: wanted, regions }: RollbackTarget) {
  await findSeenApplication(db, application);
  const named = await db
    .select()
    .from(environments)
    .where(and(eq(environments.application, application), eq(environments.cluster, cluster)));
  const rows = await db
    .select()
    .from(serverGroups)
    .where(and(eq(serverGroups.application, application), eq(serverGroups.cluster, cluster)));
  const accounts = accountsMeant(
    [named, ours(rows.map((row) => row.data)), rows].map((places) => places.map((one) => one.account)),
    wanted,
  );
  // What was brought there may be there, though nothing of it was ever seen.
  const brought = regions && wanted !== undefined && (await lastSeen(db, wanted)) ? wanted : undefined;
  const account = accounts[0] ?? brought;
  if (account === undefined) throw await unknownCluster(db, application, cluster, wanted);
  if (accounts.length > 1) throw severalAccounts(cluster, accounts);
  return {
    lastSeen: await lastSeen(db, account),
    environment: named.find((one) => one.account === account),
    account,
    groups: rows.filter((row) => row.account === account).map((row) => row.data),
  };
}

/** When an account was last seen that nobody sees now. Null when it is seen, and for one that there is not. */
async function lastSeen(db: Reader, account: string): Promise<{ readonly at: string | null } | null> {
  const found = (await readAccounts(db)).find(({ name }) => name === account);
  return found && stalenessOf(found) ? { at: found.seenAt } : null;
}

/** Where somebody has set it up, else where we run something, else where it was seen at all. */
function accountsMeant(places: readonly (readonly string[])[], wanted: string | undefined): string[] {
  if (wanted !== undefined) return places.flat().includes(wanted) ? [wanted] : [];
  const meant = places.find((accounts) => accounts.length > 0) ?? [];
  return [...new Set(meant)].toSorted();
}

async function unknownCluster(db: Reader, application: string, cluster: string, account: string | undefined) {
  const known = await db
    .select({ cluster: environments.cluster })
    .from(environments)
    .where(eq(environments.application, application));
  const where = account === undefined ? '' : ` in the account "${account}"`;
  return new AppError(
    'not_found',
    `The application "${application}" has no cluster "${cluster}"${where}. ${listed(
      'Clusters',
      known.map((one) => one.cluster),
    )}`,
  );
}
