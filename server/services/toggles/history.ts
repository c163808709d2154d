import { z } from 'zod';
import { flagKeySchema } from '@/server/domain/toggles';
import type { ToggleHistoryPage } from '@/server/domain/views/toggles';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { readHistory } from '@/server/services/toggles/history-page';
import { changeIdSchema } from '@/server/services/toggles/undo';
import { findToggle } from '@/server/toggle-state/find';

export const toggleHistoryInput = z.object({
  key: flagKeySchema,
  environment: z.string().optional(),
  cursor: changeIdSchema.nullish(),
  limit: z.number().int().min(1).max(200).default(50),
});

/** Every change of a toggle with what it was and became, newest first. */
export async function toggleHistory(
  ctx: ServiceContext,
  input: z.output<typeof toggleHistoryInput>,
): Promise<ToggleHistoryPage> {
  requirePermission(ctx, 'read');
  await findToggle(ctx.db, input.key);
  return readHistory(ctx.db, input);
}
