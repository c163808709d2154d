import { z } from 'zod';
import { recordEvents } from '@/db/events';
import { canaryConfigs } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { recordAudit } from '@/server/services/audit/record';
import { findCanaryConfig, isNamed } from '@/server/services/canary-configs/find';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { pipelinesNaming } from '@/server/services/pipelines/naming';

export const removeCanaryConfigInput = z.object({ application: z.string(), name: z.string() });

/** Takes a canary configuration away that no pipeline names. Analyses keep their own copy. */
export async function removeCanaryConfig(
  ctx: ServiceContext,
  { application, name }: z.output<typeof removeCanaryConfigInput>,
): Promise<{ ok: true }> {
  const actor = requirePermission(ctx, 'pipeline.write');
  return ctx.db.transaction(async (tx) => {
    const { source, config } = await findCanaryConfig(tx, application, name);
    const users = (await pipelinesNaming(tx, 'canaryConfig', [name], application)).map(
      ({ pipeline }) => `the pipeline "${pipeline}"`,
    );
    if (users.length > 0) {
      throw new AppError(
        'conflict',
        `The canary configuration "${name}" is used by ${users.join(', ')}. Change that first.`,
        { users },
      );
    }
    await tx.delete(canaryConfigs).where(isNamed(application, name));
    await recordAudit(tx, actor, {
      action: 'canaryConfig.remove',
      application,
      subject: name,
      before: { source, config },
    });
    await recordEvents(tx, [{ kind: 'canaryConfig', application, subject: name }]);
    return { ok: true };
  });
}
