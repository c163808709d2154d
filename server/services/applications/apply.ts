import { and, eq, notInArray, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { applications, environments, pipelines } from '@/db/schema';
import { type ApplicationDefinition, applicationDefinitionSchema } from '@/server/domain/pipeline';
import { environmentCluster } from '@/server/services/applications/cluster-names';
import { applicationIssues } from '@/server/services/applications/validate';
import { recordAudit } from '@/server/services/audit/record';
import { writeCanaryConfig } from '@/server/services/canary-configs/write';
import { type Actor, requirePermission, type ServiceContext } from '@/server/services/context';
import { writePipeline } from '@/server/services/pipelines/write';
import { requireNoIssues } from '@/server/services/shared/issues';
import { unstorable } from '@/server/services/shared/storable';

export const applyApplicationInput = applicationDefinitionSchema;

/**
 * Makes an application what its definition says: environments and pipelines that it does not name
 * are removed. What runs on the platforms is not touched.
 */
export async function applyApplication(
  ctx: ServiceContext,
  definition: z.output<typeof applyApplicationInput>,
): Promise<{ name: string; created: boolean }> {
  const actor = requirePermission(ctx, 'application.write');
  // It writes pipelines too, and one right must not bring the other.
  requirePermission(ctx, 'pipeline.write');
  requireNoIssues('application', unstorable(definition));
  return ctx.db.transaction(async (tx) => {
    requireNoIssues('application', await applicationIssues(tx, definition));
    const before = await readAudited(tx, definition.name);
    const { name, description, owner } = definition;
    await tx
      .insert(applications)
      .values({ name, description, owner })
      .onConflictDoUpdate({ target: applications.name, set: { description, owner, updatedAt: sql`now()` } });
    await writeEnvironments(tx, definition);
    for (const config of definition.canaryConfigs)
      await writeCanaryConfig(tx, actor, { ...config, application: name }, ctx.clock.now());
    await writePipelines(tx, actor, definition);
    await recordAudit(tx, actor, {
      action: before ? 'application.update' : 'application.create',
      application: name,
      subject: name,
      before,
      after: await readAudited(tx, name),
    });
    await recordEvents(tx, [{ kind: 'application', application: name, subject: name }]);
    return { name, created: before === null };
  });
}

async function writeEnvironments(tx: Transaction, { name, environments: wanted }: ApplicationDefinition) {
  const kept = wanted.map((environment) => environment.name);
  await tx
    .delete(environments)
    .where(
      and(
        eq(environments.application, name),
        kept.length > 0 ? notInArray(environments.name, kept) : undefined,
      ),
    );
  for (const environment of wanted) {
    const { stack: _stack, ...columns } = environment;
    const row = { ...columns, application: name, cluster: environmentCluster(name, environment) };
    await tx
      .insert(environments)
      .values(row)
      .onConflictDoUpdate({ target: [environments.application, environments.name], set: row });
  }
}

async function writePipelines(
  tx: Transaction,
  actor: Actor,
  { name, pipelines: wanted }: ApplicationDefinition,
) {
  const kept = wanted.map((pipeline) => pipeline.name);
  await tx
    .delete(pipelines)
    .where(
      and(eq(pipelines.application, name), kept.length > 0 ? notInArray(pipelines.name, kept) : undefined),
    );
  for (const pipeline of wanted) await writePipeline(tx, actor, name, pipeline);
}

/** An application as the audit trail may hold it: names of configuration values, not the values. */
async function readAudited(tx: Transaction, name: string) {
  const [application] = await tx.select().from(applications).where(eq(applications.name, name));
  if (!application) return null;
  const places = await tx
    .select()
    .from(environments)
    .where(eq(environments.application, name))
    .orderBy(environments.name);
  const lines = await tx
    .select({ name: pipelines.name, revision: pipelines.revision })
    .from(pipelines)
    .where(eq(pipelines.application, name))
    .orderBy(pipelines.name);
  const { description, owner } = application;
  return {
    description,
    owner,
    environments: places.map(({ config, ...place }) => ({
      ...place,
      configKeys: Object.keys(config).toSorted(),
    })),
    pipelines: lines,
  };
}
