import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { recordEvents } from '@/db/events';
import { toggleClientKeys, toggleEnvironments } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { recordAudit } from '@/server/services/audit/record';
import { hashToken } from '@/server/services/auth/token';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { requireToggleEnvironment } from '@/server/toggle-state/find';

export const createClientKeyInput = z.object({
  /** Of what will use it. */
  name: z.string().trim().min(1).max(100),
  environment: z.string(),
  /** web: stands in pages that anyone reads; it gets answers, never definitions. */
  kind: z.enum(['server', 'web']).default('server'),
});

/** Of the chance in it, so many characters show in lists which key is which. */
const SHOWN_CHARACTERS = 5;

/** Makes a key by which applications ask for toggles, shown once. It opens one environment and nothing else. */
export async function createClientKey(
  ctx: ServiceContext,
  { name, environment, kind }: z.output<typeof createClientKeyInput>,
): Promise<{ id: string; key: string }> {
  const actor = requirePermission(ctx, 'integration.write');
  // Recognised by secret scanners and by people.
  const head = `sbt_${kind}_`;
  const key = head + randomBytes(24).toString('base64url');
  const prefix = key.slice(0, head.length + SHOWN_CHARACTERS);
  return ctx.db.transaction(async (tx) => {
    requireToggleEnvironment(await tx.select().from(toggleEnvironments), environment);
    const [row] = await tx
      .insert(toggleClientKeys)
      .values({ name, environment, kind, prefix, hash: hashToken(key), createdBy: actor.name })
      .returning({ id: toggleClientKeys.id });
    if (!row) throw new AppError('internal', 'The key could not be made. Try again.');
    await recordAudit(tx, actor, {
      action: 'toggleClientKey.create',
      subject: name,
      after: { environment, kind, prefix },
    });
    await recordEvents(tx, [{ kind: 'toggle', subject: name }]);
    return { id: row.id, key };
  });
}
