import { desc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { webhookDeliveries } from '@/db/schema';
import type { WebhookDeliveryView } from '@/server/domain/views/automation';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { iso } from '@/server/services/shared/sql';

export const listWebhookDeliveriesInput = z.object({
  source: z.string().optional(),
  limit: z.number().int().min(1).max(200).default(50),
});

/** What came in, newest first, and what it started. Payloads are not shown: they may hold anything. */
export async function listWebhookDeliveries(
  ctx: ServiceContext,
  { source, limit }: z.output<typeof listWebhookDeliveriesInput>,
): Promise<readonly WebhookDeliveryView[]> {
  requirePermission(ctx, 'read');
  const rows = await ctx.db
    .select()
    .from(webhookDeliveries)
    .where(source === undefined ? undefined : eq(webhookDeliveries.source, source))
    .orderBy(desc(webhookDeliveries.id))
    .limit(limit);
  return rows.map(({ id, source: from, deliveryId, event, receivedAt, outcome, started }) => ({
    id: String(id),
    source: from,
    deliveryId,
    event,
    receivedAt: iso(receivedAt),
    outcome,
    started,
  }));
}
