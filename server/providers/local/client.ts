import type { z } from 'zod';
import { errorAnswer } from '@/server/providers/local/api-types';
import type { Endpoint } from '@/server/providers/local/endpoint';
import { type Operation, ProviderError, type ProviderErrorCode } from '@/server/providers/provider';

const ANSWER_TIMEOUT_MS = 15_000;

export interface LocalRequest<Answer> {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly path: string;
  readonly answer: z.ZodType<Answer>;
  /** Marks a write, which the platform performs once. */
  readonly operation?: Operation;
  readonly json?: unknown;
  readonly bytes?: Uint8Array;
  readonly signal?: AbortSignal;
}

/** Speaks the local cloud's HTTP API: every answer is checked, every failure is a `ProviderError`. */
export class LocalClient {
  readonly #locate: () => Promise<Endpoint>;

  constructor(locate: () => Promise<Endpoint>) {
    this.#locate = locate;
  }

  async send<Answer>(request: LocalRequest<Answer>): Promise<Answer> {
    const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
    const response = await this.#fetch(request, signal);
    const content = await contentOf(response);
    if (!response.ok) throw refusal(response.status, content);
    const parsed = request.answer.safeParse(content);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    throw new ProviderError(
      'unavailable',
      `the local cloud’s answer to ${request.method} ${request.path} is not understood: ${issue?.path.join('.')} ${issue?.message}`,
    );
  }

  /** The body of a long answer, line by line, until it ends or the signal aborts. */
  async *lines(path: string, signal: AbortSignal): AsyncIterable<string> {
    const response = await this.#fetch({ method: 'GET', path }, signal);
    if (!response.ok || !response.body) throw refusal(response.status, await contentOf(response));
    let rest = '';
    const decoder = new TextDecoder();
    try {
      for await (const chunk of response.body) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
        rest = lines.pop() ?? '';
        yield* lines;
      }
    } catch (error) {
      throw unreachable(error);
    }
  }

  async #fetch(request: Omit<LocalRequest<unknown>, 'answer'>, signal: AbortSignal): Promise<Response> {
    const { url, token } = await this.#locate();
    const headers = new Headers({ authorization: `Bearer ${token}` });
    if (request.operation) {
      headers.set('x-operation-id', request.operation.id);
      headers.set('x-operation-fence', String(request.operation.fence));
    }
    if (request.json !== undefined) headers.set('content-type', 'application/json');
    try {
      return await fetch(new URL(request.path, url), {
        method: request.method,
        headers,
        signal,
        // A copy whose buffer is certainly not shared, as fetch's types demand.
        body: request.bytes ? new Uint8Array(request.bytes) : stringify(request.json),
      });
    } catch (error) {
      throw unreachable(error);
    }
  }
}

function stringify(json: unknown): string | undefined {
  return json === undefined ? undefined : JSON.stringify(json);
}

async function contentOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new ProviderError('unavailable', 'the local cloud did not answer in JSON');
    throw unreachable(error);
  }
}

function refusal(status: number, content: unknown): ProviderError {
  const parsed = errorAnswer.safeParse(content);
  const code = parsed.success ? parsed.data.error.code : '';
  const message = parsed.success ? parsed.data.error.message : `the local cloud answered ${status}`;
  return new ProviderError(providerCode(code, status), message);
}

function providerCode(code: string, status: number): ProviderErrorCode {
  switch (code) {
    case 'invalid':
    case 'not_found':
    case 'conflict':
    case 'fenced':
    case 'unauthorized':
      return code;
    case 'too_large':
      return 'invalid';
    default:
      return status >= 400 && status < 500 ? 'invalid' : 'unavailable';
  }
}

function unreachable(error: unknown): ProviderError {
  if (error instanceof ProviderError) return error;
  // undici hides the reason, such as ECONNREFUSED, in the cause.
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ProviderError('unavailable', `the local cloud cannot be reached: ${reason}`);
}
