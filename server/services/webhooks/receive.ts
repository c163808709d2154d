import { eq } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { webhookDeliveries, webhookSources } from '@/db/schema';
import { webhookFormats } from '@/server/automation/webhooks/registry';
import type { Clock } from '@/server/domain/clock';
import { AppError } from '@/server/domain/errors';
import { isStorable } from '@/server/domain/storable';
import type { SecretBox } from '@/server/secrets/seal';
import { requireNoIssues } from '@/server/services/shared/issues';
import { unstorable } from '@/server/services/shared/storable';
import { SourceLimit } from '@/server/services/webhooks/source-limit';

/** Unlike other services it has no actor: who sends is known by the signature alone. */
export interface ReceiveContext {
  readonly db: Database;
  readonly clock: Clock;
  readonly secrets: SecretBox;
}

const limit = new SourceLimit();

/**
 * Takes a delivery in. What it starts is decided afterwards, so that the sender gets its answer at once.
 * @returns how many events of it are new; zero for one that came before, and for a ping.
 * @throws AppError `not_found`, `unauthenticated`, `bad_request` or `rate_limited`, each with a sentence.
 */
export async function receiveWebhook(
  { db, clock, secrets }: ReceiveContext,
  sourceName: string,
  headers: Headers,
  body: Buffer,
): Promise<{ accepted: number }> {
  const [source] = isStorable(sourceName)
    ? await db.select().from(webhookSources).where(eq(webhookSources.name, sourceName))
    : [];
  const format = source ? webhookFormats[source.kind] : undefined;
  if (!source || !format)
    throw new AppError(
      'not_found',
      `There is no webhook source "${sourceName}". An administrator can add it.`,
    );
  const now = clock.now();
  if (!limit.admit(sourceName, now))
    throw new AppError('rate_limited', 'Too many deliveries at once. Send them again in a minute.');
  const delivery = { headers, body, now };
  const objection = format.verify(
    delivery,
    source.secrets.map((sealed) => secrets.open(sealed)),
  );
  if (objection) throw new AppError('unauthenticated', objection);
  const events = read(() => format.read(delivery));
  for (const { payload, ...rest } of events)
    requireNoIssues('delivery', [...unstorable(payload), ...unstorable(rest)]);
  if (events.length === 0) return { accepted: 0 };
  const rows = await db
    .insert(webhookDeliveries)
    .values(events.map((event) => ({ source: sourceName, ...event, payload: event.payload ?? {} })))
    .onConflictDoNothing()
    .returning({ id: webhookDeliveries.id });
  return { accepted: rows.length };
}

function read<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('bad_request', `The delivery cannot be read: ${reason}`);
  }
}
