import { createHmac } from 'node:crypto';
import { and, asc, eq, isNotNull } from 'drizzle-orm';
import { executions, triggers, webhookDeliveries } from '@/db/schema';
import { takeWebhook } from '@/server/api/http/webhooks';
import { lookAtDue } from '@/server/automation/triggers/look';
import { handleDeliveries } from '@/server/automation/webhooks/handle';
import type { AutomationContext } from '@/server/automation/works';
import { type PipelineDefinition, pipelineDefinitionSchema } from '@/server/domain/pipeline';
import { createLogger } from '@/server/log';
import { secretBox } from '@/server/secrets/seal';
import { importPipeline } from '@/server/services/pipelines/import';
import type { World } from '@/server/services/testing/world';
import { createWebhookSource } from '@/server/services/webhooks/create-source';

/** A worker's background works, a round at a time, on a world and with a clock that is set by hand. */
export class Automation {
  now = new Date();

  constructor(readonly world: World) {}

  context(): AutomationContext {
    return {
      database: this.world.database,
      clock: { now: () => this.now },
      secrets: secretBox('x'.repeat(32)),
      outbound: { allow: ['127.0.0.1'] },
      logger: createLogger('test', 'silent'),
      url: 'http://localhost:3000',
    };
  }

  look(): Promise<void> {
    return lookAtDue(this.context(), new AbortController().signal);
  }

  handle(): Promise<void> {
    return handleDeliveries(this.context(), new AbortController().signal);
  }

  /** Looks at a moment. */
  async lookAt(moment: string | Date): Promise<void> {
    this.now = new Date(moment);
    await this.look();
  }

  /** Puts a pipeline of one short wait with this trigger into the application. */
  async pipeline(
    name: string,
    trigger: Readonly<Record<string, unknown>>,
    rest: Partial<PipelineDefinition> = {},
  ): Promise<void> {
    const definition = pipelineDefinitionSchema.parse({
      name,
      stages: [{ refId: 'pause', type: 'wait', name: 'Pause', config: { seconds: 1 } }],
      ...rest,
      triggers: [{ id: 'it', ...trigger }],
    });
    await importPipeline(await this.world.as('admin'), { application: 'catalog', definition });
    // Due by any clock: the database's may be a little ahead of ours.
    await this.world.db
      .update(triggers)
      .set({ nextAt: new Date(0) })
      .where(and(eq(triggers.pipeline, name), isNotNull(triggers.nextAt)));
  }

  async source(name: string, kind: string): Promise<string> {
    return (await createWebhookSource(await this.world.as('admin'), { name, kind })).secret;
  }

  executions(pipeline: string) {
    return this.world.db
      .select()
      .from(executions)
      .where(eq(executions.pipeline, pipeline))
      .orderBy(asc(executions.createdAt));
  }

  async lastDelivery(source: string) {
    const rows = await this.world.db
      .select()
      .from(webhookDeliveries)
      .where(eq(webhookDeliveries.source, source))
      .orderBy(asc(webhookDeliveries.id));
    return rows.at(-1);
  }
}

/** Sends to the door as the outside does. */
export async function send(
  source: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; body: { accepted?: number; error?: { message: string } } }> {
  const request = new Request(`http://localhost:3000/api/webhooks/${source}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
  const answer = await takeWebhook(request, {
    params: Promise.resolve({ source: decodeURIComponent(source) }),
  });
  // The door answers JSON of this shape.
  return { status: answer.status, body: (await answer.json()) as { accepted?: number } };
}

/** The headers of a delivery of GitHub. */
export function githubHeaders(
  secret: string,
  body: string,
  event: string,
  id: string,
): Record<string, string> {
  return {
    'x-github-event': event,
    'x-github-delivery': id,
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  };
}
