import { z } from 'zod';
import { AppError } from '@/server/domain/errors';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { findPipeline } from '@/server/services/pipelines/find';
import { writePipeline } from '@/server/services/pipelines/write';

export const setTriggerEnabledInput = z.object({
  application: z.string(),
  pipeline: z.string(),
  key: z.string(),
  enabled: z.boolean(),
});

/** Turns a trigger off or on. Its pipeline's definition says so from then on, as a new revision. */
export async function setTriggerEnabled(
  ctx: ServiceContext,
  { application, pipeline, key, enabled }: z.output<typeof setTriggerEnabledInput>,
): Promise<{ revision: number }> {
  const actor = requirePermission(ctx, 'pipeline.write');
  return ctx.db.transaction(async (tx) => {
    const { definition } = await findPipeline(tx, application, pipeline);
    const before = definition.triggers?.find((trigger) => trigger.id === key);
    if (!before) throw new AppError('not_found', `The pipeline "${pipeline}" has no trigger "${key}".`);
    const { revision } = await writePipeline(tx, actor, application, {
      ...definition,
      triggers: definition.triggers?.map((one) => (one.id === key ? { ...one, enabled } : one)),
    });
    await recordAudit(tx, actor, {
      action: enabled ? 'trigger.enable' : 'trigger.disable',
      application,
      subject: `${pipeline}/${key}`,
      before: { enabled: before.enabled },
      after: { enabled },
    });
    return { revision };
  });
}
