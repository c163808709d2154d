import { z } from 'zod';
import { pipelineNameSchema } from '@/server/domain/pipeline';
import { findApplication } from '@/server/services/applications/find';
import { queryIssues } from '@/server/services/canary-configs/probe';
import { type SavedCanaryConfig, writeCanaryConfig } from '@/server/services/canary-configs/write';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { requireNoIssues } from '@/server/services/shared/issues';
import { secretsOf } from '@/server/services/shared/signing-secret';
import { unstorable } from '@/server/services/shared/storable';

export const saveCanaryConfigInput = z.object({
  application: z.string(),
  name: pipelineNameSchema,
  /** Name of the metrics source that it asks. */
  source: z.string().min(1),
  /** In the words of Kayenta. */
  config: z.record(z.string(), z.unknown()),
  /** The one that was edited, null for none: refused when it is another by now. Left out, it is replaced anyway. */
  revision: z.number().int().positive().nullable().optional(),
});
type Input = z.output<typeof saveCanaryConfigInput>;

/** Adds a canary configuration to an application, or replaces the one of that name. */
export async function saveCanaryConfig(ctx: ServiceContext, input: Input): Promise<SavedCanaryConfig> {
  const actor = requirePermission(ctx, 'pipeline.write');
  requireNoIssues('canary configuration', unstorable(input.config));
  // Not within the transaction: it asks another server.
  requireNoIssues(
    'canary configuration',
    await queryIssues(ctx.db, secretsOf(ctx.secrets), input.source, input.config, ctx.clock.now()),
  );
  return ctx.db.transaction(async (tx) => {
    await findApplication(tx, input.application);
    return writeCanaryConfig(tx, actor, input, ctx.clock.now());
  });
}
