import { AppError } from '@/server/domain/errors';
import type { StageContext } from '@/server/engine/stages/stage';
import type { WebhookConfig } from '@/server/engine/stages/webhook';
import { OutboundRefusal } from '@/server/outbound/policy';
import { sendOutbound } from '@/server/outbound/send';
import { ProviderError } from '@/server/providers/provider';

export interface WebhookAnswer {
  readonly status: number;
  /** Null when it is not JSON. */
  readonly json: unknown;
  readonly location: string | null;
  /** The beginning of what it said, for a sentence. */
  readonly excerpt: string;
}

const TIMEOUT_MS = 20_000;
const MAX_BYTES = 64 * 1024;
const SECRET = /^secret:([A-Z0-9_]+)$/;
/** Passing trouble of the other side; asked again later unless the pipeline says that it is final. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Calls the other system. The same stage always sends the same Idempotency-Key, so that a call that is
 * repeated after a crash can be known for what it is.
 * @throws ProviderError `unavailable` for trouble that may pass: the stage waits and asks again.
 */
export async function callWebhook(
  { config, stage, signal, services }: StageContext<WebhookConfig>,
  {
    url,
    method,
    purpose,
  }: { url: string; method: WebhookConfig['method']; purpose: 'call' | 'status' | 'cancel' },
): Promise<WebhookAnswer> {
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
    const answer = await sendOutbound(request, services.outbound);
    if (PASSING.has(answer.status) && !isFinal(config, answer.status))
      throw new ProviderError('unavailable', `${new URL(url).host} answered ${answer.status}`);
    return {
      status: answer.status,
      json: parseJson(answer.body),
      location: answer.headers.location ?? null,
      excerpt: answer.body.slice(0, 300),
    };
  } catch (error) {
    if (error instanceof OutboundRefusal) throw new AppError('unprocessable', error.message);
    if (error instanceof ProviderError || signal.aborted) throw error;
    throw new ProviderError('unavailable', error instanceof Error ? error.message : String(error));
  }
}

function isFinal(config: WebhookConfig, status: number): boolean {
  return config.failFastStatus.includes(status) || (config.expectStatus?.includes(status) ?? false);
}

/** Secrets come from the worker's environment at the last moment and are never stored. */
function withSecrets(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const secret = SECRET.exec(value)?.[1];
      if (secret === undefined) return [name, value];
      const found = process.env[`SIGNALBOX_WEBHOOK_SECRET_${secret}`];
      if (found !== undefined) return [name, found];
      throw new AppError(
        'unprocessable',
        `The header ${name} needs the variable SIGNALBOX_WEBHOOK_SECRET_${secret}, which the worker does not have.`,
      );
    }),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
