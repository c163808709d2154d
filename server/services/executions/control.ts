import type { Transaction } from '@/db/client';
import { AppError } from '@/server/domain/errors';
import { recordAudit } from '@/server/services/audit/record';
import { type Actor, requirePermission, type ServiceContext } from '@/server/services/context';
import { findExecution } from '@/server/services/executions/rows';

interface Control {
  readonly action: 'execution.cancel' | 'execution.pause' | 'execution.resume';
  readonly reason?: string | undefined;
  /** Whether it applied. */
  apply(tx: Transaction, actor: Actor): Promise<boolean>;
  /** The sentence for when it did not, from the status it has. */
  refusal(status: string): string;
}

/** What cancel, pause and resume share: permission, effect, audit, or a conflict that says why not. */
export async function controlExecution(
  ctx: ServiceContext,
  id: string,
  control: Control,
): Promise<{ ok: true }> {
  const actor = requirePermission(ctx, 'execution.control');
  return ctx.db.transaction(async (tx) => {
    const before = await findExecution(tx, id);
    if (!(await control.apply(tx, actor))) {
      const { status, cancelRequestedBy } = await findExecution(tx, id);
      const shown = cancelRequestedBy && !before.endedAt ? `being canceled by ${cancelRequestedBy}` : status;
      throw new AppError('conflict', control.refusal(shown), { status });
    }
    await recordAudit(tx, actor, {
      action: control.action,
      application: before.application,
      subject: id,
      reason: control.reason ?? null,
      before: { status: before.status },
    });
    return { ok: true };
  });
}
