import { observe } from '@/server/api/http/observe';
import { dispatch } from '@/server/api/rest/dispatch';
import { openApiDocument } from '@/server/api/rest/openapi';
import { systemClock } from '@/server/domain/clock';
import { runtime } from '@/server/services/runtime';
import { getHealth } from '@/server/services/system/health';
import { collectMetrics } from '@/server/services/system/metrics';

/** `/api/v1/…` */
export function handleRest(request: Request): Promise<Response> {
  return observe('rest', request, () => dispatch(request));
}

/** `/api/health`: 200 while the database answers, so that a load balancer can ask. */
export async function handleHealth(): Promise<Response> {
  const health = await getHealth({ db: runtime().db, clock: systemClock, actor: null }, {});
  return Response.json(health, { status: health.database.ok ? 200 : 503 });
}

/**
 * `/api/health/live`: 200 while this process answers, whatever the database does. For who would send requests
 * elsewhere or restart it: toggles are served from memory meanwhile, and a restart heals no database.
 */
export function handleLive(): Response {
  return new Response(null, { status: 200, headers: { 'cache-control': 'no-store' } });
}

/** `/api/openapi.json` */
export function handleOpenApi(): Response {
  return Response.json(openApiDocument(runtime().env.SIGNALBOX_URL));
}

/** `/metrics` */
export async function handleMetrics(): Promise<Response> {
  const { contentType, text } = await collectMetrics(runtime().db);
  return new Response(text, { headers: { 'content-type': contentType } });
}

/** Anything else under `/api`. */
export function handleUnknown(request: Request): Response {
  const { pathname } = new URL(request.url);
  const message = `There is nothing at ${pathname}. All doors are listed in /api/openapi.json.`;
  return Response.json({ error: { code: 'not_found', message } }, { status: 404 });
}
