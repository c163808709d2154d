import { z } from 'zod';
import { AppError } from '@/server/domain/errors';
import { flagKeySchema } from '@/server/domain/toggles';
import { requestCancel } from '@/server/engine/enqueue';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { readRamps } from '@/server/services/toggles/ramps';
import { reasonSchema } from '@/server/services/toggles/reason';
import { findToggle, requireToggleEnvironment } from '@/server/toggle-state/find';
import { lockToggles } from '@/server/toggle-state/write';

export const stopRampInput = z.object({ key: flagKeySchema, environment: z.string(), reason: reasonSchema });

/**
 * Ends a ramp at once; the toggle is put back as it stood before. Who may switch a toggle may stop what moves it, also
 * where review is demanded and in a freeze: it takes away what was being given.
 */
export async function stopRamp(
  ctx: ServiceContext,
  { key, environment, reason }: z.output<typeof stopRampInput>,
): Promise<{ executionId: string }> {
  const actor = requirePermission(ctx, 'toggle.write');
  return ctx.db.transaction(async (tx) => {
    requireToggleEnvironment(await lockToggles(tx), environment);
    const { application } = await findToggle(tx, key);
    const ramp = (await readRamps(tx, key)).get(environment);
    if (!ramp) throw new AppError('conflict', `No ramp of “${key}” runs in ${environment}.`);
    const { executionId } = ramp;
    if (!(await requestCancel(tx, executionId, actor.name, reason || null)))
      throw new AppError('conflict', 'The ramp is being stopped already. Reload.');
    await recordAudit(tx, actor, {
      action: 'toggle.stopRamp',
      application,
      subject: key,
      reason: reason || null,
      after: { environment, executionId },
    });
    return { executionId };
  });
}
