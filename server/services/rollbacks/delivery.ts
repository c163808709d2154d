import { and, eq, isNull, ne, sql } from 'drizzle-orm';
import { z } from 'zod';
import { artifacts, environments, executions, serverGroups } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { ArtifactRef } from '@/server/domain/inventory';
import { ours } from '@/server/domain/ours';
import { findSeenApplication } from '@/server/services/applications/find';
import { readForms } from '@/server/services/artifacts/forms';
import { findExecution } from '@/server/services/executions/rows';
import type { Reader } from '@/server/services/shared/reader';
import { groupBy } from '@/server/services/shared/sql';

export const deliverySchema = z.union([
  z.object({ executionId: z.uuid('must be the id of an execution') }),
  z.object({
    application: z.string(),
    /** The version whose server groups are the youngest in traffic when absent. */
    version: z.string().optional(),
  }),
]);
export type DeliveryTarget = z.output<typeof deliverySchema>;

/** What was brought where: by one execution and those that it started, or as one version by whatever. */
export interface Delivery {
  readonly application: string;
  readonly executionId: string | null;
  readonly version: string | null;
  readonly places: readonly DeliveredPlace[];
  /** The version in all its forms, also those that have not come anywhere yet. */
  readonly forms: readonly ArtifactRef[];
  /** Executions that still bring it. */
  readonly open: readonly string[];
}

export interface DeliveredPlace {
  readonly application: string;
  readonly account: string;
  readonly cluster: string;
  readonly regions: ReadonlySet<string>;
  readonly digests: ReadonlySet<string>;
}

/** @throws AppError `not_found` for an execution or application that there is not. */
export function readDelivery(db: Reader, target: DeliveryTarget): Promise<Delivery> {
  return 'executionId' in target
    ? deliveredBy(db, target.executionId)
    : deliveredAs(db, target.application, target.version);
}

interface DeliveredRow extends Record<string, unknown> {
  readonly application: string;
  readonly account: string;
  readonly cluster: string;
  readonly region: string;
  readonly artifact: ArtifactRef;
}

async function deliveredBy(db: Reader, executionId: string): Promise<Delivery> {
  const execution = await findExecution(db, executionId);
  const family = sql`WITH RECURSIVE family (id) AS (
    SELECT ${executionId}::uuid
    UNION SELECT (s.outputs->>'executionId')::uuid FROM stages s JOIN family f ON s.execution_id = f.id
      WHERE s.type = 'pipeline' AND s.outputs->>'executionId' IS NOT NULL)`;
  // A strategy may also create a copy of the old version to compare with: that was not delivered.
  const { rows } = await db.execute<DeliveredRow>(sql`${family}
    SELECT DISTINCT s.config->>'application' AS application, s.config->>'account' AS account,
           s.config->>'cluster' AS cluster, s.config->>'region' AS region, s.config->'artifact' AS artifact
    FROM stages s JOIN stages p ON p.id = s.parent_id
    WHERE s.execution_id IN (SELECT id FROM family) AND s.type = 'createServerGroup'
      AND s.status NOT IN ('pending', 'skipped')
      AND p.outputs->>'artifact' = s.config->'artifact'->>'name'
      AND p.outputs->>'version' = s.config->'artifact'->>'version'`);
  const open = await db.execute<{ id: string }>(sql`${family}
    SELECT x.id FROM executions x JOIN family f ON f.id = x.id WHERE x.ended_at IS NULL`);
  const { application, artifact, version, digest } = execution;
  const delivered = rows.map((row) => row.artifact);
  const own = artifact && version && digest ? [{ name: artifact, version, digest }] : [];
  const [known] = [...own, ...delivered];
  return {
    application,
    executionId,
    version: known?.version ?? null,
    places: placesOf(rows),
    forms: distinct([...delivered, ...(known ? await formsOf(db, application, known) : [])]),
    open: open.rows.map(({ id }) => id),
  };
}

async function deliveredAs(db: Reader, application: string, wanted: string | undefined): Promise<Delivery> {
  await findSeenApplication(db, application);
  const version = wanted ?? (await youngestServing(db, application));
  const places = await db.select().from(environments).where(eq(environments.application, application));
  const forms = version === null ? [] : await publishedForms(db, places, version);
  if (wanted !== undefined && forms.length === 0) {
    throw new AppError(
      'not_found',
      `The application "${application}" has no version ${wanted} that any of its environments runs.`,
    );
  }
  const rows = places.flatMap(({ account, cluster, regions, artifact: name }) =>
    forms
      .filter((form) => form.name === name)
      .flatMap((artifact) => regions.map((region) => ({ application, account, cluster, region, artifact }))),
  );
  const open = await db
    .select({ id: executions.id })
    .from(executions)
    .where(
      and(
        eq(executions.application, application),
        eq(executions.version, version ?? ''),
        isNull(executions.endedAt),
        ne(sql`${executions.trigger}->>'kind'`, 'rollback'),
      ),
    );
  return {
    application,
    executionId: null,
    version,
    places: placesOf(rows),
    forms,
    open: open.map(({ id }) => id),
  };
}

async function youngestServing(db: Reader, application: string): Promise<string | null> {
  const rows = await db.select().from(serverGroups).where(eq(serverGroups.application, application));
  const [youngest] = ours(rows.map((row) => row.data))
    .filter((group) => group.traffic > 0)
    .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  return youngest?.artifact.version ?? null;
}

async function formsOf(db: Reader, application: string, artifact: ArtifactRef): Promise<ArtifactRef[]> {
  const places = await db.select().from(environments).where(eq(environments.application, application));
  return [...(await readForms(db, places, artifact)).values()];
}

async function publishedForms(
  db: Reader,
  places: readonly (typeof environments.$inferSelect)[],
  version: string,
): Promise<ArtifactRef[]> {
  const names = new Set(places.map(({ artifact }) => artifact));
  const rows = await db
    .select({ name: artifacts.name, version: artifacts.version, digest: artifacts.digest })
    .from(artifacts)
    .where(eq(artifacts.version, version));
  return rows.filter(({ name }) => names.has(name));
}

function distinct(forms: readonly ArtifactRef[]): ArtifactRef[] {
  return [...new Map(forms.map((form) => [form.digest, form])).values()];
}

function placesOf(rows: readonly DeliveredRow[]): DeliveredPlace[] {
  const byCluster = groupBy(rows, ({ account, cluster }) => `${account} ${cluster}`);
  return [...byCluster.values()].flatMap((here) => {
    const [first] = here;
    if (!first) return [];
    const { application, account, cluster } = first;
    const regions = new Set(here.map(({ region }) => region));
    const digests = new Set(here.map(({ artifact }) => artifact.digest));
    return [{ application, account, cluster, regions, digests }];
  });
}
