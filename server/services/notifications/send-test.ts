import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import { recordEvents } from '@/db/events';
import { notificationEndpoints, notifications } from '@/db/schema';
import type { Moment } from '@/server/automation/notifications/format';
import { notificationFormats } from '@/server/automation/notifications/registry';
import { AppError } from '@/server/domain/errors';
import { recordAudit } from '@/server/services/audit/record';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { endpointNameInput } from '@/server/services/notifications/endpoints';

export const sendTestInput = endpointNameInput;

/** Sends an endpoint a message about an execution that never was, so that its receiver can be tried. */
export async function sendTest(
  ctx: ServiceContext,
  { name }: z.output<typeof sendTestInput>,
): Promise<{ id: string }> {
  const actor = requirePermission(ctx, 'integration.write');
  return ctx.db.transaction(async (tx) => {
    const [row] = await tx.select().from(notificationEndpoints).where(eq(notificationEndpoints.name, name));
    if (!row) throw new AppError('not_found', `There is no notification endpoint "${name}".`);
    if (row.disabled)
      throw new AppError('conflict', `The endpoint "${name}" is off. Turn it on first.`, {
        reason: row.disabledReason,
      });
    const id = randomUUID();
    const moment = example(id, ctx.clock.now().toISOString(), actor.name);
    const message = notificationFormats[row.format]?.message(moment, 'https://signalbox.example');
    if (!message) throw new AppError('internal', `Nothing is known of the format "${row.format}".`);
    await tx.insert(notifications).values({
      id,
      endpoint: name,
      dedupe: `test ${id}`,
      type: message.type,
      body: message.body(id),
    });
    await recordAudit(tx, actor, { action: 'notificationEndpoint.test', subject: name });
    await recordEvents(tx, [{ kind: 'notification', subject: name }]);
    return { id };
  });
}

function example(id: string, at: string, by: string): Moment {
  return {
    event: 'execution.started',
    at,
    key: id,
    execution: {
      id,
      application: 'example',
      pipeline: 'test-message',
      status: 'running',
      startedAs: 'manual',
      startedBy: by,
      error: null,
    },
    environment: null,
    artifact: null,
    url: 'https://signalbox.example/executions/test',
    stage: null,
    judgment: null,
    replaces: false,
  };
}
