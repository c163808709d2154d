import { eq } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { metricsSources as sourceRows } from '@/db/schema';
import { problemOf } from '@/server/analysis/problem';
import { AppError } from '@/server/domain/errors';
import { metricsSources } from '@/server/metrics/registry';
import {
  MetricsError,
  type MetricsSource,
  type MetricsSourceType,
  type SourceContext,
} from '@/server/metrics/source';
import { OutboundRefusal } from '@/server/outbound/policy';
import { sendOutbound } from '@/server/outbound/send';
import type { SecretBox } from '@/server/secrets/seal';

/** A metrics source that can be asked. */
export interface OpenSource {
  readonly type: MetricsSourceType;
  readonly source: MetricsSource;
}

/**
 * The metrics source of that name.
 * @throws AppError `not_found` when there is none, `unprocessable` when its settings do not fit or its secrets
 * cannot be read any more.
 */
export async function openSource(db: Database, secrets: SecretBox, name: string): Promise<OpenSource> {
  const [row] = await db.select().from(sourceRows).where(eq(sourceRows.name, name));
  if (!row) throw new AppError('not_found', `There is no metrics source "${name}".`);
  const settings: Record<string, unknown> = { ...row.config };
  for (const [field, sealed] of Object.entries(row.secrets))
    settings[field] = unsealed(secrets, sealed, name);
  return openSettings(row.kind, settings);
}

/**
 * A source by its settings, secrets among them, before they are kept.
 * @throws AppError `unprocessable` when there is no such kind or the settings do not fit.
 */
export function openSettings(kind: string, settings: Readonly<Record<string, unknown>>): OpenSource {
  const type = sourceType(kind);
  const config = type.configSchema.safeParse(settings);
  if (!config.success) throw new AppError('unprocessable', problemOf(config.error));
  return { type, source: type.open(config.data, context) };
}

/** @throws AppError `unprocessable` when there is no such kind. */
export function sourceType(kind: string): MetricsSourceType {
  const types: Readonly<Record<string, MetricsSourceType>> = metricsSources;
  const type = Object.hasOwn(types, kind) ? types[kind] : undefined;
  if (type) return type;
  const kinds = Object.keys(types).join(', ');
  throw new AppError('unprocessable', `"${kind}" is no kind of metrics source; there are ${kinds}.`);
}

function unsealed(secrets: SecretBox, sealed: string, name: string): string {
  try {
    return secrets.open(sealed);
  } catch {
    throw new AppError(
      'unprocessable',
      `The secrets of the metrics source "${name}" cannot be read: SIGNALBOX_SECRET has changed. Enter them again.`,
    );
  }
}

const context: SourceContext = {
  async fetch(request) {
    // An administrator named this address, private or not; a source sends nowhere else and follows no redirect.
    const host = new URL(request.url).hostname.replace(/^\[|\]$/g, '').toLowerCase();
    try {
      return await sendOutbound(request, { allow: [host] });
    } catch (error) {
      if (error instanceof OutboundRefusal) throw new MetricsError('access', error.message, { cause: error });
      throw error;
    }
  },
};
