import { and, desc, eq, isNull, or, sql } from 'drizzle-orm';
import { artifacts, environments, executions, serverGroups, stages } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { Capacity, ServerGroup } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';
import { ours } from '@/server/domain/ours';
import { planRollback, type RegionRollback } from '@/server/domain/rollback';
import { findSeenApplication } from '@/server/services/applications/find';
import { activeVetoes } from '@/server/services/artifacts/active-vetoes';
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
}

/** What a rollback of a cluster would do now, from what was last seen. */
export async function readRollbackPlan(
  db: Reader,
  { application, cluster, account: wanted, only }: RollbackTarget,
): Promise<RollbackPlan> {
  const place = await findPlace(db, application, cluster, wanted);
  const groups = ours(place.groups);
  const digests = groups.map((group) => group.artifact.digest);
  const names = [...new Set([...(place.environment?.regions ?? []), ...groups.map((group) => group.region)])];
  const regions = planRollback(names, groups, await activeVetoes(db, digests), only);
  const environment = place.environment?.name ?? null;
  const open = place.environment ? await readOpen(db, place.environment) : [];
  const deploying = open.filter((one) => one.deploying);
  const account = place.account;
  const why = othersObjection(place.groups) ?? reasonAgainst(regions, deploying, open);
  const capacity = place.environment?.capacity ?? null;
  return { application, cluster, account, environment, capacity, regions, deploying, why };
}

/** A cluster in which nothing is ours is another controller's business. */
function othersObjection(groups: readonly ServerGroup[]): Message | null {
  const [theirs] = groups.flatMap((group) => group.managedBy ?? []);
  return theirs && ours(groups).length === 0 ? message('rollback.why.managed', theirs) : null;
}

type OpenExecution = Awaited<ReturnType<typeof readOpen>>[number];

function reasonAgainst(
  regions: readonly RegionRollback[],
  deploying: readonly OpenExecution[],
  open: readonly OpenExecution[],
): Message | null {
  const underWay = open.find((one) => one.rollingBack);
  if (underWay) return message('rollback.why.underWay', { by: underWay.trigger.by });
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
async function findPlace(db: Reader, application: string, cluster: string, wanted: string | undefined) {
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
  const [account] = accounts;
  if (account === undefined) throw await unknownCluster(db, application, cluster, wanted);
  if (accounts.length > 1) throw severalAccounts(cluster, accounts);
  return {
    environment: named.find((one) => one.account === account),
    account,
    groups: rows.filter((row) => row.account === account).map((row) => row.data),
  };
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
