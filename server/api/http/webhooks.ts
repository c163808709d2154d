import { readBody } from '@/server/api/http/body';
import { errorResponse } from '@/server/api/http/errors';
import { systemClock } from '@/server/domain/clock';
import { runtime } from '@/server/services/runtime';
import { receiveWebhook } from '@/server/services/webhooks/receive';

/** The largest deliveries of GitHub and GitLab. Bytes. */
const LIMIT = 25_000_000;

interface Segment {
  readonly params: Promise<{ readonly source: string }>;
}

/** POST /api/webhooks/{source}: the signature is over the bytes, so they are kept as they came. */
export async function takeWebhook(request: Request, { params }: Segment): Promise<Response> {
  try {
    const { source } = await params;
    const { db, secrets } = runtime();
    const body = await readBody(request, LIMIT);
    const context = { db, clock: systemClock, secrets };
    return Response.json(await receiveWebhook(context, source, request.headers, body), { status: 202 });
  } catch (error) {
    return errorResponse(error);
  }
}

/** The handshake of CloudEvents over HTTP: whoever knows the secret may send as fast as the limit lets them. */
export function greetWebhook(request: Request): Response {
  const origin = request.headers.get('webhook-request-origin');
  return new Response(null, {
    status: 204,
    headers: { allow: 'POST, OPTIONS', ...(origin ? { 'webhook-allowed-origin': origin } : {}) },
  });
}
