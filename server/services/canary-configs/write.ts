import { eq, sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { canaryConfigs, metricsSources } from '@/db/schema';
import { sourceType } from '@/server/analysis/open-source';
import { AppError } from '@/server/domain/errors';
import { recordAudit } from '@/server/services/audit/record';
import { isNamed } from '@/server/services/canary-configs/find';
import { configIssues } from '@/server/services/canary-configs/issues';
import type { Actor } from '@/server/services/context';
import type { Issue } from '@/server/services/pipelines/validate';
import { requireNoIssues } from '@/server/services/shared/issues';
import { iso } from '@/server/services/shared/sql';

export interface WrittenCanaryConfig {
  readonly application: string;
  readonly name: string;
  readonly source: string;
  /** In the words of Kayenta. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The one that was edited, null for none: refused when it is another by now. Left out, it is replaced anyway. */
  readonly revision?: number | null | undefined;
}
type Input = WrittenCanaryConfig;

export interface SavedCanaryConfig {
  readonly name: string;
  readonly revision: number;
  readonly changed: boolean;
}

/**
 * Adds a canary configuration to an application that there is, or replaces the one of that name.
 * @throws AppError `unprocessable` with what is wrong with it, `conflict` for another revision.
 */
export async function writeCanaryConfig(
  tx: Transaction,
  actor: Actor,
  input: WrittenCanaryConfig,
  now: Date,
): Promise<SavedCanaryConfig> {
  const { application, name, source, config } = input;
  requireNoIssues('canary configuration', await issuesOf(tx, source, config));
  const [before] = await tx
    .select({ ...columns, same: sql<boolean>`${canaryConfigs.config} = ${json(config)}` })
    .from(canaryConfigs)
    .where(isNamed(application, name))
    .for('update');
  requireRevision(input, before);
  if (before?.same && before.source === source) return { name, revision: before.revision, changed: false };
  const values = { source, config: json(config), updatedAt: now, updatedBy: actor.name };
  const [written] = await tx
    .insert(canaryConfigs)
    .values({ application, name, ...values })
    .onConflictDoUpdate({
      target: [canaryConfigs.application, canaryConfigs.name],
      set: { ...values, revision: sql`${canaryConfigs.revision} + 1` },
    })
    .returning({ revision: canaryConfigs.revision });
  const revision = written?.revision ?? 1;
  // Somebody added one of that name between our look and our write.
  if (!before && revision > 1)
    throw new AppError('conflict', 'Somebody saved the same at this moment. Try again.');
  await recordAudit(tx, actor, {
    action: before ? 'canaryConfig.update' : 'canaryConfig.create',
    application,
    subject: name,
    before: before ? { source: before.source, config: before.document } : null,
    after: { source, config },
  });
  await recordEvents(tx, [{ kind: 'canaryConfig', application, subject: name }]);
  return { name, revision, changed: true };
}

const columns = {
  source: canaryConfigs.source,
  revision: canaryConfigs.revision,
  updatedAt: canaryConfigs.updatedAt,
  updatedBy: canaryConfigs.updatedBy,
  document: sql<unknown>`${canaryConfigs.config}`,
};

/** As it was written, not as it is read. */
function json(config: Input['config']) {
  return sql`${JSON.stringify(config)}::jsonb`;
}

async function issuesOf(tx: Transaction, source: string, config: unknown): Promise<Issue[]> {
  const [row] = await tx
    .select({ kind: metricsSources.kind })
    .from(metricsSources)
    .where(eq(metricsSources.name, source))
    .for('share');
  if (row) return configIssues(config, sourceType(row.kind));
  const known = await tx.select({ name: metricsSources.name }).from(metricsSources);
  const names = known.map((one) => one.name).join(', ');
  return [
    {
      path: 'source',
      message: `there is no metrics source "${source}"; there are ${names || 'none: an administrator can add one under Settings'}`,
    },
  ];
}

/** @throws AppError `conflict` that says who changed it when. */
function requireRevision(
  { name, revision: expected }: Input,
  before: { readonly revision: number; readonly updatedAt: Date; readonly updatedBy: string } | undefined,
): void {
  if (expected === undefined || expected === (before?.revision ?? null)) return;
  if (!before) {
    throw new AppError(
      'conflict',
      `The canary configuration "${name}" was removed meanwhile. Save it under a new name, or as a new one.`,
      { revision: null },
    );
  }
  const { revision, updatedAt, updatedBy } = before;
  throw new AppError(
    'conflict',
    expected === null
      ? `A canary configuration "${name}" exists already. Choose another name, or open that one and change it.`
      : `"${name}" was saved by ${updatedBy} at ${iso(updatedAt)}: it is at revision ${revision}, your changes began at ${expected}. Compare them and save again.`,
    { revision, updatedBy, updatedAt: iso(updatedAt) },
  );
}
