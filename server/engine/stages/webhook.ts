import { z } from 'zod';
import { message } from '@/server/domain/message';
import { readPath, statusIn } from '@/server/domain/read-path';
import { elapsedMs, pollMs } from '@/server/engine/clusters/target';
import type { StageContext, StageType, TaskResult } from '@/server/engine/stages/stage';
import { callWebhook, type WebhookAnswer } from '@/server/engine/webhooks/call';
import { tryAgain, withoutTrouble } from '@/server/engine/webhooks/retry';
import { isHeaderName, isHeaderValue } from '@/server/engine/webhooks/secrets';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const words = z.array(z.string().min(1)).max(50);

const completionSchema = z.object({
  /** Where to ask: an address, or taken from the first answer. */
  statusUrl: z.string().meta({ widget: 'url' }).optional(),
  /** Path to the address within the first answer, e.g. `links.self`. Without either: its Location header. */
  statusUrlPath: z.string().optional(),
  /** Path to the status within an answer, e.g. `build.status`. */
  statusPath: z.string().min(1),
  success: words.default(['SUCCESS', 'SUCCEEDED', 'success', 'succeeded', 'completed']),
  failure: words.default(['FAILURE', 'FAILED', 'ERROR', 'failure', 'failed', 'error']),
  canceled: words.default(['CANCELED', 'CANCELLED', 'ABORTED', 'canceled', 'cancelled']),
  /** Path to a text or number that says how far it is. */
  progressPath: z.string().optional(),
  everySeconds: z.number().int().min(1).max(3_600).meta({ widget: 'seconds' }).default(10),
  timeoutSeconds: z.number().int().min(1).max(2_592_000).meta({ widget: 'seconds' }).default(7_200),
});

const headersSchema = z.record(z.string(), z.string()).superRefine((headers, check) => {
  for (const [name, value] of Object.entries(headers)) {
    if (!isHeaderName(name))
      check.addIssue({ code: 'custom', message: `"${name}" is not the name of a header`, path: [name] });
    if (!isHeaderValue(value))
      check.addIssue({
        code: 'custom',
        message: 'holds a character that no header can hold, such as a line break',
        path: [name],
      });
  }
});

const configSchema = z.object({
  url: z.string().meta({ widget: 'url' }),
  method: z.enum(METHODS).default('POST'),
  /** A value `secret:NAME` is read from the worker's variable SIGNALBOX_WEBHOOK_SECRET_NAME. */
  headers: headersSchema.default({}),
  /** Sent as JSON. */
  payload: z.unknown().meta({ widget: 'json' }).optional(),
  /** Answers that count as success; any 2xx when absent. */
  expectStatus: z.array(z.number().int().min(100).max(599)).max(20).optional(),
  /** Answers that end it at once although they could be passing, e.g. 404. */
  failFastStatus: z.array(z.number().int().min(100).max(599)).max(20).default([]),
  /** How long answers that may pass (408, 425, 429, 5xx) and silence are put up with before it fails. */
  retrySeconds: z.number().int().min(0).max(86_400).meta({ widget: 'seconds' }).default(600),
  completion: completionSchema.optional(),
  /** Called when the execution is canceled while this stage runs. */
  cancel: z
    .object({ url: z.string().meta({ widget: 'url' }), method: z.enum(METHODS).default('POST') })
    .optional(),
});
export type WebhookConfig = z.infer<typeof configSchema>;

const outputsSchema = z.object({ statusUrl: z.string().optional() });

/** Calls another system, and waits until that says it is done where asked. */
export const webhook: StageType<WebhookConfig> = {
  type: 'webhook',
  label: 'Webhook',
  group: 'integrate',
  authorable: true,
  configSchema,
  tasks: [
    { name: 'call', run: call },
    { name: 'await', run: awaitCompletion },
  ],
  onCancel: [
    {
      name: 'cancel',
      async run(context) {
        const { cancel } = context.config;
        if (!cancel) return { status: 'succeeded' };
        const called = await callWebhook(context, { ...cancel, purpose: 'cancel' });
        const { answer } = called;
        if (!answer) return tryAgain(context, called);
        return { status: 'succeeded', log: [message('engine.webhook.canceled', { status: answer.status })] };
      },
    },
  ],
};

async function call(context: StageContext<WebhookConfig>): Promise<TaskResult> {
  const { config } = context;
  const called = await callWebhook(context, { url: config.url, method: config.method, purpose: 'call' });
  const { answer } = called;
  if (!answer) return tryAgain(context, called);
  const outputs = outputsOf(context, answer);
  const log = [message('engine.webhook.answered', { status: answer.status })];
  const expected =
    config.expectStatus?.includes(answer.status) ?? (answer.status >= 200 && answer.status < 300);
  if (!expected) {
    const error = message('engine.webhook.refused', { status: answer.status, text: answer.excerpt });
    return { status: 'failed', error, outputs, log };
  }
  if (!config.completion) return { status: 'succeeded', outputs, log };
  const { statusUrl, statusUrlPath } = config.completion;
  const found = statusUrl ?? (statusUrlPath ? readPath(answer.json, statusUrlPath) : answer.location);
  if (typeof found !== 'string' || found === '' || !URL.canParse(found, config.url))
    return { status: 'errored', error: message('engine.webhook.noStatusUrl'), outputs, log };
  return { status: 'succeeded', outputs: { ...outputs, statusUrl: new URL(found, config.url).href }, log };
}

async function awaitCompletion(context: StageContext<WebhookConfig>): Promise<TaskResult> {
  const { completion } = context.config;
  const { statusUrl } = outputsSchema.parse(context.stage.outputs);
  if (!completion || !statusUrl) return { status: 'succeeded' };
  const called = await callWebhook(context, { url: statusUrl, method: 'GET', purpose: 'status' });
  const { answer } = called;
  if (!answer) return tryAgain(context, called);
  const told = statusIn(answer.json, completion.statusPath);
  const outputs = outputsOf(context, answer);
  if (completion.success.includes(told)) return { status: 'succeeded', outputs };
  if (completion.failure.includes(told))
    return { status: 'failed', error: message('engine.webhook.failed', { status: told }), outputs };
  if (completion.canceled.includes(told))
    return { status: 'stopped', error: message('engine.webhook.failed', { status: told }), outputs };
  const until =
    context.stage.startedAt.getTime() + context.stage.pausedMs + completion.timeoutSeconds * 1_000;
  if (context.services.clock.now().getTime() > until)
    return { status: 'failed', error: message('engine.webhook.late', { status: told }), outputs };
  const passed = withoutTrouble(context);
  const progress = completion.progressPath ? statusIn(answer.json, completion.progressPath) : '';
  return {
    status: 'running',
    ...(passed ? { outputs: passed } : {}),
    retryAfterMs: Math.min(completion.everySeconds * 1_000, Math.max(1_000, pollMs(elapsedMs(context)))),
    waiting: {
      kind: 'platform',
      reason: message('engine.wait.webhook', {
        status: told,
        progress,
      }),
      until: new Date(until).toISOString(),
      who: [],
    },
  };
}

function outputsOf(context: StageContext<WebhookConfig>, { status, json }: WebhookAnswer) {
  return { webhook: { status, body: json }, ...withoutTrouble(context) };
}
