import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { webhookDeliveries, webhookSources } from '@/db/schema';
import { webhookFormats } from '@/server/automation/webhooks/registry';
import { pipelineNameSchema } from '@/server/domain/pipeline';
import type { WebhookSourceView } from '@/server/domain/views/automation';
import { iso } from '@/server/services/shared/sql';

/** What the verbs about sources share. */

export const sourceNameInput = z.object({ name: pipelineNameSchema });

export const formatSchema = z
  .string()
  .refine(
    (kind) => Object.hasOwn(webhookFormats, kind),
    `must be one of ${Object.keys(webhookFormats).join(', ')}`,
  );

type Row = typeof webhookSources.$inferSelect & { readonly lastDeliveryAt: string | null };

export function sourceView({
  name,
  kind,
  secrets,
  createdAt,
  createdBy,
  lastDeliveryAt,
}: Row): WebhookSourceView {
  return {
    name,
    kind,
    label: webhookFormats[kind]?.label ?? kind,
    path: `/api/webhooks/${name}`,
    rotating: secrets.length > 1,
    createdAt: iso(createdAt),
    createdBy,
    lastDeliveryAt,
  };
}

export const lastDelivery = sql<string | null>`(
  SELECT to_char(max(d.received_at) at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  FROM ${webhookDeliveries} d WHERE d.source = ${webhookSources}.name)`;
