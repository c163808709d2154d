import { getTableColumns, sql } from 'drizzle-orm';
import { z } from 'zod';
import { notificationEndpoints, notifications } from '@/db/schema';
import { notificationFormats } from '@/server/automation/notifications/registry';
import { pipelineNameSchema } from '@/server/domain/pipeline';
import type { EndpointView } from '@/server/domain/views/automation';
import { iso } from '@/server/services/shared/sql';

/** What the verbs about notification endpoints share. */

export const endpointNameInput = z.object({ name: pipelineNameSchema });

export const endpointFormatSchema = z
  .string()
  .refine(
    (kind) => Object.hasOwn(notificationFormats, kind),
    `must be one of ${Object.keys(notificationFormats).join(', ')}`,
  );

export const endpointColumns = {
  ...getTableColumns(notificationEndpoints),
  owed: sql<number>`(SELECT count(*)::int FROM ${notifications} n
    WHERE n.endpoint = ${notificationEndpoints}.name AND n.status = 'owed')`,
  lastDeliveredAt: sql<string | null>`(
    SELECT to_char(max(n.delivered_at) at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
    FROM ${notifications} n WHERE n.endpoint = ${notificationEndpoints}.name)`,
};

type Row = typeof notificationEndpoints.$inferSelect & {
  readonly owed: number;
  readonly lastDeliveredAt: string | null;
};

export function endpointView(row: Row): EndpointView {
  const { name, url, format, secrets, disabled, disabledReason, createdAt, createdBy, owed } = row;
  return {
    name,
    url: withoutSecrets(url),
    format,
    label: notificationFormats[format]?.label ?? format,
    rotating: secrets.length > 1,
    disabled,
    disabledReason,
    owed,
    lastDeliveredAt: row.lastDeliveredAt,
    createdAt: iso(createdAt),
    createdBy,
  };
}

/** Receivers put keys into their addresses; the host and the path say which one it is. */
function withoutSecrets(address: string): string {
  const url = new URL(address);
  const hidden = url.search === '' ? '' : '?…';
  return `${url.protocol}//${url.host}${url.pathname}${hidden}`;
}
