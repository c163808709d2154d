import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { recordEvents } from '@/db/events';
import { toggleEnvironments } from '@/db/schema';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';

export const applyToggleEnvironmentInput = z.object({
  name: z
    .string()
    .max(100)
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'must hold only small letters, digits and dashes'),
  /** Its place in lists. What is left out stays. */
  order: z.number().int().min(0).max(1_000).optional(),
  /** A change there waits until another person has approved it. */
  requiresReview: z.boolean().optional(),
});

/** Adds an environment of toggles or changes it. It is called as the one that applications are deployed to. */
export async function applyToggleEnvironment(
  ctx: ServiceContext,
  { name, ...given }: z.output<typeof applyToggleEnvironmentInput>,
): Promise<{ name: string; created: boolean }> {
  const actor = requirePermission(ctx, 'integration.write');
  return ctx.db.transaction(async (tx) => {
    const [before] = await tx
      .select()
      .from(toggleEnvironments)
      .where(eq(toggleEnvironments.name, name))
      .for('update');
    const after = {
      order: given.order ?? before?.order ?? 0,
      requiresReview: given.requiresReview ?? before?.requiresReview ?? false,
    };
    await tx
      .insert(toggleEnvironments)
      .values({ name, ...after })
      .onConflictDoUpdate({ target: toggleEnvironments.name, set: after });
    await recordAudit(tx, actor, {
      action: before ? 'toggleEnvironment.update' : 'toggleEnvironment.create',
      subject: name,
      before: before ? { order: before.order, requiresReview: before.requiresReview } : null,
      after,
    });
    await recordEvents(tx, [{ kind: 'toggle', subject: name }]);
    return { name, created: !before };
  });
}
