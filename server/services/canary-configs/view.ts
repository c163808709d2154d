import { judgeNamed } from '@/server/canary/registry';
import type { CanaryConfig } from '@/server/domain/canary';
import type { CanaryConfigSummary } from '@/server/domain/views/canary';
import { isSplitByVariant } from '@/server/services/canary-configs/by-variant';
import type { CanaryConfigRow } from '@/server/services/canary-configs/find';
import { pipelinesNaming } from '@/server/services/pipelines/naming';
import type { Reader } from '@/server/services/shared/reader';
import { groupBy, iso } from '@/server/services/shared/sql';

/** Configurations of one application with the pipelines that name them. */
export async function configSummaries(
  db: Reader,
  application: string,
  rows: readonly CanaryConfigRow[],
): Promise<CanaryConfigSummary[]> {
  const namings = await pipelinesNaming(
    db,
    'canaryConfig',
    rows.map((row) => row.name),
    application,
  );
  const users = groupBy(namings, ({ value }) => value);
  return rows.map(({ name, source, config, revision, updatedAt, updatedBy }) => ({
    application,
    name,
    source,
    judge: judgeOf(config),
    metrics: config.metrics.length,
    isByVariant: isSplitByVariant(config),
    usedBy: (users.get(name) ?? []).map(({ pipeline }) => pipeline),
    revision,
    updatedAt: iso(updatedAt),
    updatedBy,
  }));
}

/** Name of the judge that will judge by it, or as it says when there is none of that name. */
function judgeOf({ judge }: CanaryConfig): string {
  return judgeNamed(judge?.name)?.name ?? judge?.name ?? '';
}
