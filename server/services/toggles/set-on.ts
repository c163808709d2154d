import { z } from 'zod';
import { AppError } from '@/server/domain/errors';
import { flagKeySchema } from '@/server/domain/toggles';
import type { ToggleChangeOutcome } from '@/server/domain/views/toggles';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { changeState } from '@/server/services/toggles/change-state';
import { reasonSchema } from '@/server/services/toggles/reason';

export const setOnInput = z.object({
  key: flagKeySchema,
  environment: z.string(),
  on: z.boolean(),
  /** The one that was looked at: refused when it is another by now. */
  revision: z.number().int().min(0).optional(),
  reason: reasonSchema,
});

/** The switch. */
export async function setToggleOn(
  ctx: ServiceContext,
  input: z.output<typeof setOnInput>,
): Promise<ToggleChangeOutcome> {
  const actor = requirePermission(ctx, 'toggle.write');
  const { key, environment, on } = input;
  return ctx.db.transaction((tx) =>
    changeState(
      tx,
      actor,
      {
        ...input,
        action: 'toggle.switch',
        next: (current) => {
          if (current) return { ...current, on };
          throw new AppError(
            'not_found',
            `“${key}” does not stand in ${environment} yet. Say first what it serves there.`,
          );
        },
      },
      ctx.clock.now(),
    ),
  );
}
