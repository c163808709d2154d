import { asc, getTableColumns } from 'drizzle-orm';
import { z } from 'zod';
import { webhookSources } from '@/db/schema';
import type { WebhookSourceView } from '@/server/domain/views/automation';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { lastDelivery, sourceView } from '@/server/services/webhooks/sources';

export const listWebhookSourcesInput = z.object({});

/** The doors for events, without their secrets. */
export async function listWebhookSources(
  ctx: ServiceContext,
  _input: z.output<typeof listWebhookSourcesInput>,
): Promise<readonly WebhookSourceView[]> {
  requirePermission(ctx, 'read');
  const rows = await ctx.db
    .select({ ...getTableColumns(webhookSources), lastDeliveryAt: lastDelivery })
    .from(webhookSources)
    .orderBy(asc(webhookSources.name));
  return rows.map(sourceView);
}
