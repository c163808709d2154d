import { readBody } from '@/server/api/http/body';
import { bearerContext } from '@/server/api/http/context';
import { errorResponse, invalidInput } from '@/server/api/http/errors';
import { badPath, isDecodable } from '@/server/api/http/path';
import type { Route } from '@/server/api/rest/route';
import { routes } from '@/server/api/rest/routes';
import { AppError } from '@/server/domain/errors';
import { requirePermission } from '@/server/services/context';
import { requireNoIssues } from '@/server/services/shared/issues';
import { unstorable } from '@/server/services/shared/storable';

const JSON_LIMIT = 1_000_000;
const FILE_LIMIT = 100_000_000;
const KEY_LIMIT = 200;

/** Answers a request below `/api/v1` from the table of routes. */
export async function dispatch(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const path = url.pathname.replace(/^\/api\/v1/, '');
  if (!isDecodable(path)) return badPath();
  const candidates = routes.flatMap((route) => {
    const params = matchPath(route.path, path);
    return params ? [{ route, params }] : [];
  });
  const found = candidates.find(({ route }) => route.method === request.method);
  if (!found) return candidates.length > 0 ? wrongMethod(request, candidates) : notFound(path);
  try {
    return await answer(request, url, found.route, found.params);
  } catch (error) {
    return errorResponse(error);
  }
}

async function answer(
  request: Request,
  url: URL,
  route: Route,
  rawParams: Record<string, string>,
): Promise<Response> {
  const ctx = await bearerContext(request.headers);
  // Before the body is read: who may not do it learns that first, and nothing of what would be right.
  requirePermission(ctx, route.permission);
  const output = await route.handle(ctx, {
    params: parse(route.params, rawParams),
    query: parse(route.query, Object.fromEntries(url.searchParams)),
    body: await readInput(request, route),
    idempotencyKey: idempotencyKey(request),
  });
  return Response.json(output, { status: route.status });
}

/** Null when the path is another one; the values of `{names}` otherwise. */
function matchPath(template: string, path: string): Record<string, string> | null {
  const wanted = template.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith('{')) {
      if (value === '') return null;
      params[part.slice(1, -1)] = decodeURIComponent(value);
    } else if (part !== value) return null;
  }
  return params;
}

async function readInput(request: Request, route: Route): Promise<unknown> {
  if (route.body === null) return undefined;
  if (route.body === 'bytes') return readBody(request, FILE_LIMIT);
  const text = (await readBody(request, JSON_LIMIT)).toString('utf8');
  return parse(route.body, text.trim() === '' ? {} : parseJson(text));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof SyntaxError ? ` ${error.message}.` : '';
    throw new AppError('bad_request', `The body is not JSON.${why}`);
  }
}

function parse<T>(schema: { safeParse(value: unknown): SafeResult<T> }, value: unknown): T {
  requireNoIssues('request', unstorable(value));
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalidInput(result.error);
}

type SafeResult<T> =
  | { readonly success: true; readonly data: T }
  | { readonly success: false; readonly error: Parameters<typeof invalidInput>[0] };

function idempotencyKey(request: Request): string | undefined {
  const key = request.headers.get('idempotency-key') ?? undefined;
  if (key === undefined || (key.length > 0 && key.length <= KEY_LIMIT)) return key;
  throw new AppError('bad_request', `Idempotency-Key must have 1 to ${KEY_LIMIT} characters.`);
}

function wrongMethod(request: Request, candidates: readonly { readonly route: Route }[]): Response {
  const allow = [...new Set(candidates.map(({ route }) => route.method))].join(', ');
  const message = `${request.method} is not possible here. Possible: ${allow}.`;
  return Response.json(
    { error: { code: 'method_not_allowed', message } },
    { status: 405, headers: { allow } },
  );
}

function notFound(path: string): Response {
  const message = `There is nothing at /api/v1${path}. All doors are listed in /api/openapi.json.`;
  return Response.json({ error: { code: 'not_found', message } }, { status: 404 });
}
