import type { z } from 'zod';
import type { ToggleChangeOutcome } from '@/server/domain/views/toggles';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { archiveToggleInput } from '@/server/services/toggles/archive';
import { changeDetails } from '@/server/services/toggles/change-details';

export const restoreToggleInput = archiveToggleInput;

/** Serves an archived toggle again, everywhere as it stood. */
export async function restoreToggle(
  ctx: ServiceContext,
  input: z.output<typeof restoreToggleInput>,
): Promise<ToggleChangeOutcome> {
  const actor = requirePermission(ctx, 'toggle.write');
  return ctx.db.transaction((tx) =>
    changeDetails(
      tx,
      actor,
      { ...input, action: 'toggle.restore', next: (current) => ({ ...current, archived: false }) },
      ctx.clock.now(),
    ),
  );
}
