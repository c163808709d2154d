import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '@/db/client';
import { toggleChanges } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { toggleDefinitionSchema } from '@/server/domain/toggles';
import type { ToggleChangeOutcome } from '@/server/domain/views/toggles';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { iso } from '@/server/services/shared/sql';
import { changeDetails } from '@/server/services/toggles/change-details';
import { changeState } from '@/server/services/toggles/change-state';
import type { ToggleDetails } from '@/server/services/toggles/details';
import { reasonSchema } from '@/server/services/toggles/reason';
import { lockToggles } from '@/server/toggle-state/write';

export const changeIdSchema = z.string().regex(/^\d{1,18}$/, 'is no id of a change');

export const undoChangeInput = z.object({ changeId: changeIdSchema, reason: reasonSchema });

type ChangeRow = typeof toggleChanges.$inferSelect;

/** Takes a change back: it becomes as it was before, unless somebody has changed the same place since. */
export async function undoChange(
  ctx: ServiceContext,
  { changeId, reason }: z.output<typeof undoChangeInput>,
): Promise<ToggleChangeOutcome> {
  const actor = requirePermission(ctx, 'toggle.write');
  const now = ctx.clock.now();
  return ctx.db.transaction(async (tx) => {
    await lockToggles(tx);
    const change = await findChange(tx, changeId);
    await requireNewest(tx, change);
    const { id, toggle: key, environment } = change;
    const intent = { key, action: 'toggle.undo', reason, undoes: id };
    if (environment === null)
      return changeDetails(tx, actor, { ...intent, next: () => details(change) }, now);
    const before = change.before === null ? null : toggleDefinitionSchema.parse(change.before);
    // What the clock has done since is what may just be taken back, so it is not done again.
    const next = before && {
      ...before,
      schedule: before.schedule.filter(({ at }) => Date.parse(at) > now.getTime()),
    };
    return changeState(tx, actor, { ...intent, environment, next: () => next }, now);
  });
}

async function findChange(tx: Transaction, changeId: string): Promise<ChangeRow> {
  const [change] = await tx
    .select()
    .from(toggleChanges)
    .where(eq(toggleChanges.id, BigInt(changeId)));
  if (change) return change;
  throw new AppError(
    'not_found',
    `There is no change ${changeId} of a toggle. Take its id from the history.`,
  );
}

async function requireNewest(tx: Transaction, { id, toggle, environment }: ChangeRow): Promise<void> {
  const [later] = await tx
    .select({ by: toggleChanges.by, at: toggleChanges.at })
    .from(toggleChanges)
    .where(
      and(
        eq(toggleChanges.toggle, toggle),
        environment === null ? isNull(toggleChanges.environment) : eq(toggleChanges.environment, environment),
        gt(toggleChanges.id, id),
        // The kill switch again, where it was off already, has changed nothing.
        sql`${toggleChanges.before} IS DISTINCT FROM ${toggleChanges.after}`,
      ),
    )
    .limit(1);
  if (!later) return;
  const place = environment === null ? `“${toggle}”` : `“${toggle}” in ${environment}`;
  throw new AppError(
    'conflict',
    `${later.by} has changed ${place} since, at ${iso(later.at)}. Undo the newest change first, or set it as it should be.`,
  );
}

function details({ toggle, before }: ChangeRow): ToggleDetails {
  if (before === null) {
    throw new AppError('conflict', `That change made “${toggle}”. Archive it instead.`);
  }
  // Written by `changeDetails` and nobody else.
  return before as ToggleDetails;
}
