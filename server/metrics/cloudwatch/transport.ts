import { retryAfterMs, TryAgain } from '@/server/metrics/retry';
import { MetricsError, type SourceContext, type SourceResponse } from '@/server/metrics/source';

/** About half a million points. */
const MAX_BYTES = 16 * 1024 * 1024;
const SHOWN_CHARACTERS = 500;

/** A service of AWS, and how its answers begin, other than those of a proxy or of another server. */
export interface Service {
  readonly name: string;
  readonly answers: RegExp;
}

/** What the SDK hands to the one that sends. */
interface WireRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

interface WireOptions {
  readonly abortSignal?: unknown;
}

/**
 * Sends for the SDK by way of the source's context, so that the rules for what may be called hold here too. Only for
 * services that are asked by POST: CloudWatch and STS.
 */
export function sdkTransport(context: SourceContext, service: Service, timeoutSeconds: number) {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    // The SDK sets and reads options of its own transport, of which this one has none.
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    async handle(request: WireRequest, { abortSignal }: WireOptions = {}) {
      const signal = abortSignal instanceof AbortSignal ? abortSignal : new AbortController().signal;
      const sent = await send(context, service, request, timeoutSeconds * 1_000, signal);
      const body = sent.status < 300 ? sent.body : withoutKeys(sent.body, request.headers);
      checkAnswer(service, { ...sent, body });
      return { response: { statusCode: sent.status, headers: sent.headers, body: Buffer.from(body) } };
    },
  };
}

async function send(
  context: SourceContext,
  { name }: Service,
  { protocol, hostname, port, path, headers, body }: WireRequest,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<SourceResponse> {
  const host = port === undefined ? hostname : `${hostname}:${port}`;
  try {
    return await context.fetch({
      url: `${protocol}//${host}${path}`,
      method: 'POST',
      headers,
      body: textOf(body),
      timeoutMs,
      maxBytes: MAX_BYTES,
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof MetricsError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new TryAgain(`${name} at ${host} cannot be reached: ${reason}`, null, { cause: error });
  }
}

function textOf(body: string | Uint8Array = ''): string {
  return typeof body === 'string' ? body : new TextDecoder().decode(body);
}

/** @throws MetricsError for an answer that is not the service's, which the SDK would take for a broken one. */
function checkAnswer({ name, answers }: Service, { status, headers, body }: SourceResponse): void {
  if (Buffer.byteLength(body) >= MAX_BYTES) {
    throw new MetricsError(
      'tooMuch',
      `The answer has more than ${MAX_BYTES / 1024 / 1024} MB. Aggregate to fewer series or take a longer step.`,
    );
  }
  if (status >= 300 && status < 400) {
    const to = headers.location ?? 'elsewhere';
    throw new MetricsError('access', `It sends us on to ${to}. Give that address, if it is ${name}.`);
  }
  if (answers.test(body)) return;
  const said = `It answered ${status}: ${excerpt(body)}`;
  if (status >= 500 || status === 429 || status === 408)
    throw new TryAgain(said, retryAfterMs(headers['retry-after']));
  if (status === 413) throw new MetricsError('tooMuch', said);
  // A proxy on the way says it in its own words.
  if (status === 401 || status === 403 || status === 407)
    throw new MetricsError('access', `It does not let us in. ${said}`);
  // What it was given may stand in a good answer, such as new keys.
  throw new MetricsError(
    'access',
    `This is not ${name}. ${status < 300 ? 'It answered something else.' : said} Check the endpoint.`,
  );
}

/** AWS repeats the whole request, session token included, when a signature is wrong. */
function withoutKeys(body: string, headers: Readonly<Record<string, string>>): string {
  const { authorization = '', 'x-amz-security-token': token } = headers;
  const keyId = /Credential=([^/,\s]+)/.exec(authorization)?.[1];
  const signature = /Signature=(\w+)/.exec(authorization)?.[1];
  // JSON may write a slash with a backslash.
  return [token, token?.replaceAll('/', '\\/'), keyId, signature].reduce<string>(
    (text, key) => (key ? text.replaceAll(key, '…') : text),
    body,
  );
}

function excerpt(body: string): string {
  const text = body
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (text === '') return 'nothing.';
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
