import type { EverywhereRollbackPreview } from '@/server/domain/views/rollback';
import { readPlatforms } from '@/server/services/accounts/platforms';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { type DeliveryTarget, deliverySchema, readDelivery } from '@/server/services/rollbacks/delivery';
import { planEverywhere } from '@/server/services/rollbacks/everywhere';
import { previewOf } from '@/server/services/rollbacks/preview';

export const previewEverywhereInput = deliverySchema;

/** What it would do to take back a delivery in all its environments. */
export async function previewEverywhere(
  ctx: ServiceContext,
  target: DeliveryTarget,
): Promise<EverywhereRollbackPreview> {
  requirePermission(ctx, 'read');
  const plan = await planEverywhere(ctx.db, await readDelivery(ctx.db, target));
  const platformOf = await readPlatforms(ctx.db);
  const places = await Promise.all(
    plan.plans.map(async (one) => {
      const platform = platformOf(one.account);
      return { ...(await previewOf(ctx.db, one, platform)), platform };
    }),
  );
  const turned = places.filter(({ possible }) => possible);
  const { application, executionId, version, why } = plan;
  return {
    application,
    executionId,
    version,
    possible: why === null,
    why,
    places,
    expectedSeconds: Math.max(0, ...turned.map((place) => place.expectedSeconds)),
    measured: turned.every((place) => place.measured),
    vetoes: plan.vetoes,
    withdraws: plan.withdraws.map(({ id, version: one }) => ({ executionId: id, version: one })),
  };
}
