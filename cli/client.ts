import { z } from 'zod';
import type { Connection } from '@/cli/connection';
import { Failure } from '@/cli/failure';
import manifest from '@/package.json';

const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** The web does not answer: perhaps it is only restarting. */
export class Unreachable extends Failure {}

/** The REST door. */
export class Client {
  constructor(readonly connection: Connection) {}

  async get<T>(path: string, answer: z.ZodType<T>): Promise<T> {
    return this.#send('GET', path, undefined, answer);
  }

  async send<T>(
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    body: unknown,
    answer: z.ZodType<T>,
  ): Promise<T> {
    return this.#send(method, path, JSON.stringify(body), answer);
  }

  async upload<T>(path: string, content: Uint8Array<ArrayBuffer>, answer: z.ZodType<T>): Promise<T> {
    return this.#send('PUT', path, content, answer);
  }

  async #send<T>(
    method: string,
    path: string,
    body: string | Uint8Array<ArrayBuffer> | undefined,
    answer: z.ZodType<T>,
  ): Promise<T> {
    const { url, token } = this.connection;
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      body,
      headers: {
        authorization: `Bearer ${token}`,
        'user-agent': `signalbox-cli/${manifest.version}`,
        ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
        ...(body instanceof Uint8Array ? { 'content-type': 'application/gzip' } : {}),
      },
    }).catch((error: unknown) => {
      throw new Unreachable(`Signalbox does not answer at ${url} (${reason(error)}). Is it running?`);
    });
    const text = await response.text();
    if (!response.ok) throw refusal(response.status, text, url);
    const parsed = answer.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    throw new Failure(
      `${url} answered otherwise than this command understands. Are both of the same version?`,
    );
  }
}

function refusal(status: number, text: string, url: string): Failure {
  const known = errorSchema.safeParse(parseJson(text));
  if (known.success && status !== 503) return new Failure(known.data.error.message);
  const message = known.success
    ? known.data.error.message
    : `${url} answered ${status}, and not as Signalbox does.`;
  return status >= 502 ? new Unreachable(message) : new Failure(message);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || error.cause.name : error.message;
}
