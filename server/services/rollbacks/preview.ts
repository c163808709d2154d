import { z } from 'zod';
import { message } from '@/server/domain/message';
import { neededSize, PIN_HOURS } from '@/server/domain/rollback';
import { healthyIn } from '@/server/domain/units';
import type { PlatformView } from '@/server/domain/views/application';
import type { RollbackPreview } from '@/server/domain/views/execution';
import { isServerlessKind, readPlatforms } from '@/server/services/accounts/platforms';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { activePin, pinView } from '@/server/services/pins/active';
import { EXPECTED_SECONDS, lastRollbackSeconds, startSeconds } from '@/server/services/rollbacks/duration';
import { type RollbackPlan, readRollbackPlan } from '@/server/services/rollbacks/plan';
import type { Reader } from '@/server/services/shared/reader';

export const previewRollbackInput = z.object({
  application: z.string(),
  cluster: z.string(),
  /** Needed only when accounts have clusters of the same name. */
  account: z.string().optional(),
});

/** What a rollback would do, and how long it would take. */
export async function previewRollback(
  ctx: ServiceContext,
  input: z.output<typeof previewRollbackInput>,
): Promise<RollbackPreview> {
  requirePermission(ctx, 'read');
  const plan = await readRollbackPlan(ctx.db, input);
  return previewOf(ctx.db, plan, (await readPlatforms(ctx.db))(plan.account));
}

/** A plan as people see it. */
export async function previewOf(
  db: Reader,
  plan: RollbackPlan,
  { kind }: PlatformView,
): Promise<RollbackPreview> {
  const { application, cluster, account, environment, why, unseen } = plan;
  // What nobody sees now says nothing of what will be pinned and vetoed.
  const turned = unseen ? undefined : plan.regions.find(({ from, to }) => from && to);
  const pin = await activePin(db, { account, cluster });
  const [deploy] = plan.deploying;
  const serverless = isServerlessKind(kind);
  const startsFirst = serverless ? null : await startsFirstOf(db, plan);
  const last = await lastRollbackSeconds(db, plan);
  return {
    application,
    cluster,
    account,
    environment,
    possible: why === null,
    why,
    regions: plan.regions.map(({ region, from, to, why: here }) => ({
      region,
      from: from && { serverGroup: from.name, version: from.artifact.version },
      to: to && { serverGroup: to.name, version: to.artifact.version },
      instancesReady: to ? healthyIn(to) : 0,
      why: unseen ? null : here,
    })),
    unseen: unseen && { seenAt: unseen.seenAt },
    serverless,
    expectedSeconds: (last ?? EXPECTED_SECONDS) + (startsFirst?.seconds ?? 0),
    measured: last !== null,
    startsFirst,
    pins: turned?.to ? { version: turned.to.artifact.version, hours: PIN_HOURS } : null,
    vetoes: turned?.from
      ? { version: turned.from.artifact.version, digest: turned.from.artifact.digest }
      : null,
    notUndone: turned?.from
      ? [
          message('rollback.notUndone.data', { version: turned.from.artifact.version }),
          message('rollback.notUndone.config'),
        ]
      : [],
    currentPin: pin && pinView(pin),
    withdraws: deploy ? { executionId: deploy.id, version: deploy.version } : null,
  };
}

/** Requests stay with the bad version until these run. */
async function startsFirstOf(db: Reader, plan: RollbackPlan): Promise<RollbackPreview['startsFirst']> {
  const { application, environment, cluster, regions, capacity } = plan;
  const instances = regions
    .map(({ from, to }) =>
      to ? Math.max(0, neededSize(to, from ? [from] : [], capacity ?? undefined) - healthyIn(to)) : 0,
    )
    .reduce((sum, missing) => sum + missing, 0);
  if (instances === 0) return null;
  const seconds = await startSeconds(db, application, environment, cluster);
  return { instances, seconds: seconds === null ? null : Math.ceil(seconds) };
}
