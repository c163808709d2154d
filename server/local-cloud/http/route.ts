import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { CloudError } from '@/server/local-cloud/errors';
import type { Operation } from '@/server/local-cloud/operations';

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

export interface Route {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Parts that begin with a colon are parameters. */
  readonly path: string;
  /** Answered without the token. */
  readonly open?: boolean;
  /** Its result is sent as JSON, unless it has answered by itself. */
  handle(exchange: Exchange): unknown;
}

const BODY_LIMIT_BYTES = 1024 * 1024;

const operationSchema = z.object({
  'x-operation-id': z.string().min(1).max(200),
  'x-operation-fence': z.coerce.number().int().nonnegative(),
});

/** @throws CloudError `invalid` unless the request says which operation it belongs to. */
export function operationOf(exchange: Exchange): Operation {
  const parsed = operationSchema.safeParse(exchange.request.headers);
  if (!parsed.success) {
    throw new CloudError(
      'invalid',
      'a change needs the headers x-operation-id and x-operation-fence (a whole number)',
    );
  }
  return { id: parsed.data['x-operation-id'], fence: parsed.data['x-operation-fence'] };
}

/** @throws CloudError `invalid` or `too_large`, naming the first field that is wrong. */
export async function readBody<T>(exchange: Exchange, schema: z.ZodType<T>): Promise<T> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of exchange.request) {
    // No encoding is set, so every chunk is a buffer.
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > BODY_LIMIT_BYTES)
      throw new CloudError('too_large', `a request may have ${BODY_LIMIT_BYTES} bytes`);
    chunks.push(chunk);
  }
  let content: unknown;
  try {
    content = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new CloudError('invalid', 'the body is not valid JSON');
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new CloudError(
    'invalid',
    `${issue?.path.join('.') || 'the body'}: ${issue?.message ?? 'is not valid'}`,
  );
}

/** @throws CloudError when a route was given a pattern without this parameter. */
export function param(exchange: Exchange, name: string): string {
  const value = exchange.params[name];
  if (value === undefined) throw new CloudError('invalid', `the address lacks ${name}`);
  return value;
}

/** The resource that `/regions/:region/…/:name` names. */
export function refOf(exchange: Exchange): { region: string; name: string } {
  return { region: param(exchange, 'region'), name: param(exchange, 'name') };
}
