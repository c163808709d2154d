import { AppError } from '@/server/domain/errors';
import { type Message, message } from '@/server/domain/message';
import type { StageContext } from '@/server/engine/stages/stage';
import type { WebhookConfig } from '@/server/engine/stages/webhook';
import { withSecrets } from '@/server/engine/webhooks/secrets';
import { OutboundRefusal } from '@/server/outbound/policy';
import { sendOutbound } from '@/server/outbound/send';

export interface WebhookAnswer {
  readonly status: number;
  /** Null when it is not JSON. */
  readonly json: unknown;
  readonly location: string | null;
  /** The beginning of what it said, for a sentence. */
  readonly excerpt: string;
}

/** What came of a call: an answer to take, or trouble of the other side that may pass. */
export type Called =
  | { readonly answer: WebhookAnswer }
  | {
      readonly answer: null;
      /** Why it is called again. */
      readonly waiting: Message;
      /** What to end with when it does not pass. */
      readonly error: Message;
      /** It answered, but with trouble. */
      readonly answered: boolean;
    };

interface Call {
  readonly url: string;
  readonly method: WebhookConfig['method'];
  readonly purpose: 'call' | 'status' | 'cancel';
}

const TIMEOUT_MS = 20_000;
const MAX_BYTES = 64 * 1024;
/** Passing trouble below 500; any other answer of the client's fault stays what it is. */
const PASSING = new Set([408, 425, 429]);

/**
 * Calls the other system. The same stage always sends the same Idempotency-Key, so that a call that is
 * repeated after a crash can be known for what it is.
 * @throws AppError `unprocessable` for what must not or cannot be called.
 */
export async function callWebhook(
  { config, stage, signal, services }: StageContext<WebhookConfig>,
  { url, method, purpose }: Call,
): Promise<Called> {
  const sends = purpose === 'call' && method !== 'GET' && config.payload !== undefined;
  const request = {
    url,
    method,
    headers: {
      accept: 'application/json',
      'idempotency-key': `${stage.id}:${purpose}`,
      ...(sends ? { 'content-type': 'application/json' } : {}),
      ...withSecrets(config.headers),
    },
    ...(sends ? { body: JSON.stringify(config.payload) } : {}),
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
    signal,
  };
  try {
    const { status, body, headers } = await sendOutbound(request, services.outbound);
    const excerpt = body.slice(0, 300);
    if (isPassing(status) && !isFinal(config, status)) {
      const waiting = message('engine.wait.webhookAnswered', { host: new URL(url).host, status });
      const error = message('engine.webhook.refused', { status, text: excerpt });
      return { answer: null, waiting, error, answered: true };
    }
    return { answer: { status, json: parseJson(body), location: headers.location ?? null, excerpt } };
  } catch (error) {
    if (error instanceof OutboundRefusal) throw new AppError('unprocessable', error.message);
    if (signal.aborted) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const waiting = message('engine.wait.webhookUnreachable', { host: new URL(url).host, reason });
    return {
      answer: null,
      waiting,
      error: message('engine.webhook.unreachable', { reason }),
      answered: false,
    };
  }
}

function isPassing(status: number): boolean {
  return status >= 500 || PASSING.has(status);
}

function isFinal(config: WebhookConfig, status: number): boolean {
  return config.failFastStatus.includes(status) || (config.expectStatus?.includes(status) ?? false);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
