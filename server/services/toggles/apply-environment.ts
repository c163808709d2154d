import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { notificationEndpoints, toggleEnvironments } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import {
  type Freeze,
  freezeAt,
  freezeSchema,
  type ToggleNotification,
  toggleNotificationSchema,
} from '@/server/domain/toggle-environments';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { loadToggleWorld } from '@/server/toggle-state/load';
import { lockToggles } from '@/server/toggle-state/write';

export const applyToggleEnvironmentInput = z.object({
  name: z
    .string()
    .max(100)
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'must hold only small letters, digits and dashes'),
  /** Its place in lists. What is left out stays. */
  order: z.number().int().min(0).max(1_000).optional(),
  /** A change there waits until another person has approved it. */
  requiresReview: z.boolean().optional(),
  /** Times in which only the kill switch works; in place of those that were. */
  freezes: z.array(freezeSchema).max(100).optional(),
  /** Which endpoints are told what; in place of those that were. */
  notifications: z.array(toggleNotificationSchema).max(50).optional(),
});

/** Adds an environment of toggles or changes it. It is called as the one that applications are deployed to. */
export async function applyToggleEnvironment(
  ctx: ServiceContext,
  { name, ...given }: z.output<typeof applyToggleEnvironmentInput>,
): Promise<{ name: string; created: boolean }> {
  const actor = requirePermission(ctx, 'integration.write');
  const now = ctx.clock.now();
  return ctx.db.transaction(async (tx) => {
    const before = (await lockToggles(tx)).find((one) => one.name === name);
    const was = before && {
      order: before.order,
      requiresReview: before.requiresReview,
      freezes: before.freezes,
      notifications: before.notifications,
    };
    const after = {
      order: given.order ?? before?.order ?? 0,
      requiresReview: given.requiresReview ?? before?.requiresReview ?? false,
      freezes: given.freezes ?? before?.freezes ?? [],
      notifications: given.notifications ?? before?.notifications ?? [],
    };
    if (given.freezes) await requireNothingPlanned(tx, name, given.freezes, now);
    if (given.notifications) await requireEndpoints(tx, given.notifications);
    await tx
      .insert(toggleEnvironments)
      .values({ name, ...after })
      .onConflictDoUpdate({ target: toggleEnvironments.name, set: after });
    await recordAudit(tx, actor, {
      action: before ? 'toggleEnvironment.update' : 'toggleEnvironment.create',
      subject: name,
      before: was ?? null,
      after,
    });
    await recordEvents(tx, [{ kind: 'toggle', subject: name }]);
    return { name, created: !before };
  });
}

/** Every process does by itself what a schedule says, so a freeze is no promise while something is planned in it. */
async function requireNothingPlanned(
  tx: Transaction,
  environment: string,
  freezes: readonly Freeze[],
  now: Date,
): Promise<void> {
  const { states, toggles } = await loadToggleWorld(tx);
  const planned = states.flatMap(({ toggle, environment: place, definition }) =>
    place === environment && toggles.has(toggle)
      ? definition.schedule
          .filter(({ at }) => Date.parse(at) > now.getTime() && freezeAt(freezes, new Date(at)))
          .map(({ at }) => `“${toggle}” at ${at}`)
      : [],
  );
  if (planned.length === 0) return;
  throw new AppError(
    'conflict',
    `In that time changes are scheduled: ${planned.slice(0, 5).join(', ')}${planned.length > 5 ? ' and others' : ''}. Move those first.`,
    { planned },
  );
}

async function requireEndpoints(
  tx: Transaction,
  notifications: readonly ToggleNotification[],
): Promise<void> {
  for (const { endpoint } of notifications) {
    const [found] = await tx
      .select({ name: notificationEndpoints.name })
      .from(notificationEndpoints)
      .where(eq(notificationEndpoints.name, endpoint));
    if (found) continue;
    throw new AppError(
      'not_found',
      `There is no notification endpoint “${endpoint}”. Someone with integration.write can add it.`,
    );
  }
}
