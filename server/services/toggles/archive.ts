import { z } from 'zod';
import { flagKeySchema } from '@/server/domain/toggles';
import type { ToggleChangeOutcome } from '@/server/domain/views/toggles';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { changeDetails } from '@/server/services/toggles/change-details';
import { reasonSchema } from '@/server/services/toggles/reason';

export const archiveToggleInput = z.object({ key: flagKeySchema, reason: reasonSchema });

/** Serves a toggle nowhere any more; applications get the default in their code. Its history stays. */
export async function archiveToggle(
  ctx: ServiceContext,
  input: z.output<typeof archiveToggleInput>,
): Promise<ToggleChangeOutcome> {
  const actor = requirePermission(ctx, 'toggle.write');
  return ctx.db.transaction((tx) =>
    changeDetails(
      tx,
      actor,
      { ...input, action: 'toggle.archive', next: (current) => ({ ...current, archived: true }) },
      ctx.clock.now(),
    ),
  );
}
